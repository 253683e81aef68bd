"""Typeset documents: consistent budgets and final accounts made from a seed, with the truth of every cell.

document = budget(seed=7)                      # or final_accounts(seed=7)
write_text(document, "tabs", path)             # any of TEXT_STYLES
write_pdf(document, "ruled", path)             # any of PDF_STYLES
truth(document)                                # every printed number with its row, header path and unit
wrong, injection = inject(document, seed=1)    # one known error, and what it is
corpus(folder, count=30, seed=1)               # many documents in many styles
"""

from tests.typeset.documents import budget, final_accounts, truth
from tests.typeset.model import Agency, Size
from tests.typeset.tables import Document

__all__ = ["Agency", "Document", "Size", "budget", "final_accounts", "truth"]
