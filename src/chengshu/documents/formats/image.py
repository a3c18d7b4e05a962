"""Pictures and scanned pages of PDF: opened here, read by `scans`."""

import io
import warnings
from collections.abc import Iterator

import numpy as np
import pypdfium2  # type: ignore[import-untyped]  # ships no types
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from chengshu.documents.errors import DocumentCorrupt, DocumentTooLarge
from chengshu.documents.scans.page import transcribe_picture
from chengshu.documents.transcript import Source, Transcript

_POINTS_PER_INCH = 72
_DOTS_PER_INCH = 200
_PLAUSIBLE_DPI = (72, 1200)
_A4_LONG_SIDE_PT = 842
# Characters are read best at 20 to 40 pixels; an A4 page at 200 dpi has 2,339.
_LEAST_LONG_SIDE_PX = 1700
_GREATEST_LONG_SIDE_PX = 3000


def transcribe(source: Source, transcript: Transcript) -> None:
    """Give every frame of the picture as a page; `Place.box` is in points by its resolution, or as if it were A4."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit on pixels is our own
        frames = _count_frames(source)
        for number, (frame, points) in enumerate(_iter_frames(source), start=1):
            _transcribe_frame(frame, transcript, page=number, width_pt=points)
            source.report_page(number, frames)


def transcribe_pdf_page(source: Source, number: int, transcript: Transcript) -> None:
    """Give one page of a PDF (`number` from 1) by looking at it."""
    document = pypdfium2.PdfDocument(source.data)
    try:
        page = document[number - 1]
        scale = _DOTS_PER_INCH / _POINTS_PER_INCH
        width, height = page.get_size()
        _refuse_pixels(source, int(width * scale) * int(height * scale))
        picture = page.render(scale=scale).to_pil().convert("RGB")
        _transcribe_frame(picture, transcript, page=number, width_pt=width)
    finally:
        document.close()


def _count_frames(source: Source) -> int:
    try:
        with Image.open(io.BytesIO(source.data)) as picture:
            _refuse_pixels(source, picture.width * picture.height)
            frames = int(getattr(picture, "n_frames", 1))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as fault:
        if isinstance(fault, Image.DecompressionBombError):
            raise _too_many_pixels(source) from fault
        message = f"图片“{source.file}”已损坏，无法打开，请重新扫描或导出后再导入。"
        raise DocumentCorrupt(message, file=source.file) from fault
    if frames > source.limits.pages:
        message = f"文件“{source.file}”有 {frames:,} 页，超过 {source.limits.pages:,} 页，请拆分后再导入。"
        raise DocumentTooLarge(message, file=source.file, limit=source.limits.pages)
    return frames


def _iter_frames(source: Source) -> Iterator[tuple[Image.Image, float]]:
    """Each frame upright as its maker meant it, and its width in points."""
    with Image.open(io.BytesIO(source.data)) as picture:
        for frame in ImageSequence.Iterator(picture):
            _refuse_pixels(source, frame.width * frame.height)
            turned = ImageOps.exif_transpose(frame)
            yield _flatten(turned), turned.width * _points_per_pixel(turned)


def _flatten(frame: Image.Image) -> Image.Image:
    """RGB on white: transparent pictures are black beneath."""
    if frame.mode in {"RGBA", "LA", "PA"} or "transparency" in frame.info:
        frame = frame.convert("RGBA")
        paper = Image.new("RGBA", frame.size, "white")
        return Image.alpha_composite(paper, frame).convert("RGB")
    return frame.convert("RGB")


def _points_per_pixel(frame: Image.Image) -> float:
    resolution = float(frame.info.get("dpi", (0, 0))[0])
    low, high = _PLAUSIBLE_DPI
    if low < resolution <= high:
        return _POINTS_PER_INCH / resolution
    return _A4_LONG_SIDE_PT / max(frame.size)


def _transcribe_frame(frame: Image.Image, transcript: Transcript, *, page: int, width_pt: float) -> None:
    longest = max(frame.size)
    wanted = min(max(longest, _LEAST_LONG_SIDE_PX), _GREATEST_LONG_SIDE_PX)
    if wanted != longest:
        size = (max(1, round(frame.width * wanted / longest)), max(1, round(frame.height * wanted / longest)))
        frame = frame.resize(size, Image.Resampling.LANCZOS)
    picture = np.asarray(frame, dtype=np.uint8)
    transcribe_picture(picture, transcript, page=page, points_per_pixel=width_pt / frame.width)


def _refuse_pixels(source: Source, pixels: int) -> None:
    if pixels > source.limits.pixels:
        raise _too_many_pixels(source)


def _too_many_pixels(source: Source) -> DocumentTooLarge:
    message = f"图片“{source.file}”超过 {source.limits.pixels:,} 像素，请降低分辨率后再导入。"
    return DocumentTooLarge(message, file=source.file, limit=source.limits.pixels)
