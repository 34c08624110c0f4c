"""A signatory's picture (handwritten signature, an organisation's stamp) -> the same picture, written anew by us.

What a picture must be; each rule is looked at before the next one costs anything:
1. at most 10 MB;
2. PNG or JPEG, by its first bytes, whatever its name says;
3. by its header: at least 40 pixels on either side, at most 25 million in all, no side more than 10 times the other;
4. one picture of 8 bits in RGB or grey: no animation, no 16 bits, no CMYK;
5. whole: a truncated one is refused;
6. not of one colour all over.

What comes out is upright (EXIF orientation), on white, 8-bit RGB or grey, a PNG without any metadata: a phone's photograph says
where it was taken. A colour profile is left out on purpose, since reading one from a stranger is a risk and a signature needs
no exact colours; the document's output intent takes the numbers as sRGB.
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageChops, ImageFile, ImageOps

from mou.errors import InputError
from signatures.messages import Message, say

LARGEST_BYTES = 10_000_000
LARGEST_PIXELS = 25_000_000
SMALLEST_SIDE = 40  # pixels
LARGEST_RATIO = 10
RESOLUTION = 300  # dots per inch, as printed
_LARGEST_SIDE = 1800  # pixels: 15 cm at that resolution, more than any signature's box

_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_PNG_BIT_DEPTH = 24  # where a PNG says how many bits a sample has (ISO/IEC 15948, 11.2.2)
_OTHER_KINDS = (
    (0, b"GIF8", "GIF"),
    (0, b"%PDF-", "PDF"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (0, b"BM", "BMP"),
    (8, b"WEBP", "WebP"),
    (4, b"ftypavi", "AVIF"),
    (4, b"ftyphe", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftypmsf1", "HEIC"),
)
_MODES = frozenset(("1", "L", "LA", "P", "PA", "RGB", "RGBA"))  # what Pillow makes of 8 bits or fewer in RGB or grey

_pillow_lock = threading.Lock()  # Pillow's setting for truncated pictures is one for the whole process


class PictureError(InputError):
    """A picture that came from outside cannot be used."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that we wrote: a PNG without metadata, in 8-bit RGB or grey, and its size in pixels."""

    png: bytes
    width: int
    height: int

    @property
    def ratio(self) -> float:
        """Width by height."""
        return self.width / self.height


def read_picture(content: bytes, *, source: str) -> Picture:
    """Return the picture in a file's bytes; the same bytes give the same picture in any process.

    Args:
        content: the file, or its first `LARGEST_BYTES` + 1 bytes.
        source: where it came from, for the error.

    Raises:
        PictureError: it breaks a rule of this module; the message says what was expected and what came.
    """
    if len(content) > LARGEST_BYTES:
        raise PictureError(
            "{source}: a picture of at most {limit} MB is expected, this file is larger; make it smaller",
            source=source,
            limit=LARGEST_BYTES // 1_000_000,
        )
    if not content.startswith((_PNG, _JPEG)):
        raise PictureError(
            "{source}: a PNG or JPEG picture is expected, got {kind}; save it as PNG", source=source, kind=_kind_of(content)
        )
    with _strict_pillow():
        try:
            with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
                _require_size(image, source)
                _require_mode(image, content, source)
                upright = _decoded(image)
        except PictureError:
            raise
        except Image.DecompressionBombError as error:
            raise _too_many_pixels(source, say("far more")) from error
        except Exception as error:  # Pillow has no one error for what is wrong in a stranger's bytes
            raise PictureError(
                "{source}: a whole PNG or JPEG picture is expected, this one is broken or cut off; save it again", source=source
            ) from error
    if all(low == high for low, high in _extremes(upright)):
        raise PictureError("{source}: a picture of a signature is expected, this one is of one colour all over", source=source)
    return _written(upright)


def scaled_to(picture: Picture, width_pt: float, height_pt: float) -> Picture:
    """Return the picture with the pixels that 300 dpi need in this box (points), its ratio kept; never with more than it had."""
    width, height = (max(1, round(points / 72 * RESOLUTION)) for points in (width_pt, height_pt))
    if picture.width <= width and picture.height <= height:
        return picture
    with Image.open(BytesIO(picture.png), formats=("PNG",)) as image:
        image.thumbnail((width, height), Image.Resampling.LANCZOS)
        return _written(image)


@contextmanager
def _strict_pillow() -> Iterator[None]:
    """Let Pillow refuse what is cut off while the block runs, since WeasyPrint has told it to fill up with grey.

    It warns of many pixels and refuses very many; the limit for those between is ours.
    """
    with _pillow_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _kind_of(content: bytes) -> str | Message:
    if not content:
        return say("an empty file")
    kinds = (name for offset, magic, name in _OTHER_KINDS if content.startswith(magic, offset))
    is_drawing = b"<svg" in content[:4096].lower()
    return "SVG" if is_drawing else next(kinds, say("something else"))


def _require_size(image: Image.Image, source: str) -> None:
    width, height = image.size
    if width * height > LARGEST_PIXELS:
        raise _too_many_pixels(source, f"{width} x {height}")
    if min(width, height) < SMALLEST_SIDE:
        raise PictureError(
            "{source}: a picture of at least {limit} x {limit} pixels is expected, got {width} x {height}; take a larger one",
            source=source,
            limit=SMALLEST_SIDE,
            width=width,
            height=height,
        )
    if max(width, height) > LARGEST_RATIO * min(width, height):
        raise PictureError(
            "{source}: a picture of which no side is more than {limit} times the other is expected, got {width} x {height} "
            "pixels; cut it",
            source=source,
            limit=LARGEST_RATIO,
            width=width,
            height=height,
        )


def _too_many_pixels(source: str, got: str | Message) -> PictureError:
    return PictureError(
        "{source}: a picture of at most {limit} million pixels is expected, got {got}; make it smaller",
        source=source,
        limit=LARGEST_PIXELS // 1_000_000,
        got=got,
    )


def _require_mode(image: Image.Image, content: bytes, source: str) -> None:
    """Refuse what is not one picture of 8 bits in RGB or grey.

    A JPEG of several (MPO, as many phones write) is taken: its first picture is the photograph, as every viewer shows it.
    """
    is_png = content.startswith(_PNG)
    if is_png and getattr(image, "n_frames", 1) > 1:
        got: str | Message = say("an animation")
    elif is_png and content[_PNG_BIT_DEPTH] > 8:  # noqa: PLR2004  # bits, as the message says
        got = say("{bits} bits", bits=content[_PNG_BIT_DEPTH])
    elif image.mode not in _MODES:
        got = image.mode
    else:
        return
    raise PictureError(
        "{source}: one picture with 8 bits for each colour, in RGB or grey, is expected, got {got}; save it as an ordinary PNG",
        source=source,
        got=got,
    )


def _decoded(image: Image.Image) -> Image.Image:
    """Return the picture upright, on white, in RGB or grey, no side longer than any box needs."""
    image.draft(None, (_LARGEST_SIDE, _LARGEST_SIDE))  # a JPEG is decoded smaller from the beginning, a PNG is left as it is
    image = ImageOps.exif_transpose(image)
    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(coloured, mask=coloured.getchannel("A"))
    elif image.mode not in {"L", "RGB"}:
        image = image.convert("L" if image.mode == "1" else "RGB")
    image.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE), Image.Resampling.LANCZOS)
    return image.getchannel("R") if image.mode == "RGB" and _is_grey(image) else image


def _is_grey(image: Image.Image) -> bool:
    red, green, blue = image.split()
    return all(ImageChops.difference(red, other).getbbox() is None for other in (green, blue))


def _extremes(image: Image.Image) -> list[tuple[int, int]]:
    return [channel.getextrema() for channel in image.split()]  # type: ignore[misc]  # pairs of integers, in 8 bits


def _written(image: Image.Image) -> Picture:
    """Return the pixels alone as a PNG: Pillow would write text, profile and EXIF that came with them, too."""
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    output = BytesIO()
    bare.save(output, format="PNG", compress_level=9)
    return Picture(output.getvalue(), *image.size)
