"""Typeset documents: consistent budgets and final accounts made from a seed, with the truth of every cell.

document = budget(seed=7)                      # or final_accounts(seed=7)
write_text(document, "tabs", path)             # any of TEXT_STYLES
write_pdf(document, "ruled", path)             # any of PDF_STYLES
truth(document)                                # every printed number with its row, header path and unit
wrong, injection = inject(document, seed=1)    # one known error, and what it is
corpus(folder, count=30, seed=1, styles=("tabs", "ruled"))
"""

from tests.typeset.corpora import corpus, write
from tests.typeset.documents import TruthRow, budget, final_accounts, truth
from tests.typeset.inject import CAUSES, TABLE_CAUSES, TEXT_CAUSES, Injection, inject, inject_many
from tests.typeset.model import Agency, Department, Size
from tests.typeset.pdf import PDF_STYLES, write_pdf
from tests.typeset.tables import PROFILES, Document
from tests.typeset.text import TEXT_STYLES, document_text, write_text

__all__ = [
    "CAUSES",
    "PDF_STYLES",
    "PROFILES",
    "TABLE_CAUSES",
    "TEXT_CAUSES",
    "TEXT_STYLES",
    "Agency",
    "Department",
    "Document",
    "Injection",
    "Size",
    "TruthRow",
    "budget",
    "corpus",
    "document_text",
    "final_accounts",
    "inject",
    "inject_many",
    "truth",
    "write",
    "write_pdf",
    "write_text",
]
