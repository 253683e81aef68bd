"""Write a folder of typeset documents: python -m tests.typeset FOLDER COUNT [pdf|text]."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.typeset.corpora import corpus
from tests.typeset.pdf import PDF_STYLES
from tests.typeset.text import TEXT_STYLES

# documents of one seed, so that the folder is the same however many processes write it
PART = 60
STYLES = {"pdf": list(PDF_STYLES), "text": list(TEXT_STYLES)}


def write_part(folder: Path, part: int, count: int, form: str) -> int:
    return len(corpus(folder, count, part, STYLES[form], prefix=f"{part:03d}-"))


def main(folder: Path, count: int, form: str = "pdf") -> None:
    parts = range(0, count, PART)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        written = pool.map(
            write_part,
            [folder] * len(parts),
            range(len(parts)),
            [min(PART, count - start) for start in parts],
            [form] * len(parts),
        )
        assert sum(written) == count


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
