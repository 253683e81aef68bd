"""Pages and tables that are pictures: recognised, so that nothing passes for read that was not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium_c
from PIL import Image

from extract.readers.pdf_objects import PageObjects

# a smaller picture (an emblem, a signature) holds no table
_PICTURE_SHARE = 0.06
# a scanned page is one picture, or many strips
_PAGE_SHARE = 0.5
# text drawn as outlines: that many paths and no character
_OUTLINES = 50
_DPI = 100
_DARK = 150

BBox = tuple[float, float, float, float]


def pictures(objects: PageObjects, width: float, height: float) -> list[BBox]:
    """Large pictures with no text over them, cut to the page."""
    found = []
    for x0, top, x1, bottom in objects.images:
        box = (max(x0, 0.0), max(top, 0.0), min(x1, width), min(bottom, height))
        if box[2] <= box[0] or box[3] <= box[1] or box in found:
            continue
        if (box[2] - box[0]) * (box[3] - box[1]) < _PICTURE_SHARE * width * height:
            continue
        over = sum(
            1
            for char in objects.chars
            if box[0] < (char.x0 + char.x1) / 2 < box[2]
            and box[1] < (char.top + char.bottom) / 2 < box[3]
            and not char.text.isspace()
        )
        if over < 5:
            found.append(box)
    return found


def has_outlines(objects: PageObjects) -> bool:
    return objects.path_count > _OUTLINES


def is_scanned(objects: PageObjects, page: Any) -> bool:
    """Whether a pdfium page is a picture, with a text layer behind it that nobody sees."""
    width, height = page.get_size()
    area = sum((x1 - x0) * (bottom - top) for x0, top, x1, bottom in objects.images)
    return area > _PAGE_SHARE * width * height and _is_unseen(page)


def _is_unseen(page: Any) -> bool:
    """Whether most texts of a page are drawn invisible."""
    modes = [pdfium_c.FPDFTextObj_GetTextRenderMode(text) for text in _texts(page.raw)]
    return 2 * modes.count(pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE) > len(modes)


def _texts(page: Any) -> Iterator[Any]:
    """The text objects of a page, those in its forms too."""
    open_forms = []
    for i in range(pdfium_c.FPDFPage_CountObjects(page)):
        open_forms.append(pdfium_c.FPDFPage_GetObject(page, i))
        while open_forms:
            found = open_forms.pop()
            kind = pdfium_c.FPDFPageObj_GetType(found)
            if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
                yield found
            elif kind == pdfium_c.FPDF_PAGEOBJ_FORM:
                count = pdfium_c.FPDFFormObj_CountObjects(found)
                open_forms += [pdfium_c.FPDFFormObj_GetObject(found, k) for k in range(count)]


def render(page: Any, box: BBox, dpi: int = _DPI) -> Image.Image:
    """A part of an upright pdfium page in grey; `box` counts from the top left."""
    scale = dpi / 72
    image: Image.Image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    return image.crop(tuple(round(part * scale) for part in box))  # type: ignore[arg-type]


def _rules(image: Image.Image, share: float, *, level: bool) -> int:
    """How many straight dark lines run over at least `share` of the picture."""
    # darker than paper counts as ink; the mean of a row or column of pixels is the share of ink in it
    ink = image.point(lambda value: 255 if value < _DARK else 0)
    size = (1, ink.height) if level else (ink.width, 1)
    values = list(ink.resize(size, Image.Resampling.BOX).tobytes())
    count, inside = 0, False
    for value in values:
        is_rule = value >= share * 255
        count += is_rule and not inside
        inside = is_rule
    return count


def is_table(image: Image.Image) -> bool:
    """Rules across and down: a chart has neither, or pale ones."""
    return _rules(image, 0.6, level=True) >= 3 and _rules(image, 0.5, level=False) >= 2
