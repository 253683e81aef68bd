"""Write a folder of typeset PDF documents: python -m tests.typeset FOLDER COUNT."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.typeset.corpora import corpus
from tests.typeset.pdf import PDF_STYLES

# documents of one seed, so that the folder is the same however many processes write it
PART = 60


def write_part(folder: Path, part: int, count: int) -> int:
    return len(corpus(folder, count, part, list(PDF_STYLES), prefix=f"{part:03d}-"))


def main(folder: Path, count: int) -> None:
    parts = range(0, count, PART)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        written = pool.map(
            write_part,
            [folder] * len(parts),
            range(len(parts)),
            [min(PART, count - start) for start in parts],
        )
        assert sum(written) == count


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
