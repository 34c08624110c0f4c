"""Pictures of signatures: what is taken is written anew without metadata, what is not is refused with what was expected."""

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFile, PngImagePlugin

from mou.rendering.pictures import LARGEST_BYTES, LARGEST_PIXELS, PictureError, read_picture, scaled_to

GPS, ORIENTATION = 0x8825, 0x0112
BLUE = (20, 30, 120)


def drawn(mode: str = "RGB", size: tuple[int, int] = (300, 100)) -> Image.Image:
    """White paper with a stroke from the upper left to the middle; on glass where the mode knows alpha."""
    image = Image.new("RGBA", size, (0, 0, 0, 0) if "A" in mode else (255, 255, 255, 255))
    ImageDraw.Draw(image).line([(0, 0), (size[0] // 2, size[1] // 2)], fill=(*BLUE, 255), width=20)
    return image.convert(mode)


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    output = io.BytesIO()
    image.save(output, format=kind, **options)
    return output.getvalue()


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


def with_location() -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # to be turned a quarter to the right
    exif.get_ifd(GPS)[1] = "N"
    return exif


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_usual_png_becomes_opaque_in_rgb_or_grey(mode: str) -> None:
    picture = read_picture(saved(drawn(mode)), source="x.png")
    image = opened(picture.png)
    assert image.format == "PNG"
    assert image.mode == ("L" if mode in {"1", "L", "LA"} else "RGB")
    assert (picture.width, picture.height) == image.size == (300, 100)
    assert image.getpixel((290, 90)) == (255 if image.mode == "L" else (255, 255, 255))


def test_a_transparent_colour_of_a_palette_is_white_paper() -> None:
    image = Image.new("P", (60, 60), 0)
    image.putpalette([0, 0, 0, *BLUE])
    ImageDraw.Draw(image).rectangle([10, 10, 30, 30], fill=1)
    picture = opened(read_picture(saved(image, transparency=0), source="x.png").png)
    assert (picture.getpixel((50, 50)), picture.getpixel((20, 20))) == ((255, 255, 255), BLUE)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_no_metadata_is_left_and_the_picture_stands_upright(kind: str) -> None:
    content = saved(drawn(), kind, exif=with_location(), dpi=(72, 72))
    assert b"Exif" in content or b"eXIf" in content
    picture = read_picture(content, source="phone")
    kinds = [name for name, _ in chunks_of(picture.png)]
    assert set(kinds) == {b"IHDR", b"IDAT", b"IEND"}
    assert (picture.width, picture.height) == (100, 300)
    ink = opened(picture.png).getpixel((95, 5))  # the upper left corner of the photograph is at the upper right now
    assert isinstance(ink, tuple)
    assert max(abs(one - other) for one, other in zip(ink, BLUE, strict=True)) < 30


def chunks_of(png: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def test_notes_of_a_png_are_left_behind() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "somebody")
    content = saved(drawn(), pnginfo=notes, icc_profile=b"not a profile at all")
    assert b"somebody" in content
    assert {name for name, _ in chunks_of(read_picture(content, source="x").png)} == {b"IHDR", b"IDAT", b"IEND"}


def test_the_first_photograph_of_a_jpeg_of_several_is_taken() -> None:
    """Many phones write such files (MPO)."""
    content = saved(drawn(), "MPO", save_all=True, append_images=[Image.new("RGB", (300, 100), "red")])
    assert opened(read_picture(content, source="phone.jpg").png).getpixel((290, 90)) == (255, 255, 255)


def test_a_large_photograph_is_made_as_small_as_any_box_needs() -> None:
    picture = read_picture(saved(drawn(size=(4000, 3000)), "JPEG"), source="x.jpg")
    assert (picture.width, picture.height) == (1800, 1350)


def test_a_picture_has_the_pixels_that_300_dpi_need_and_keeps_its_ratio() -> None:
    picture = read_picture(saved(drawn(size=(1600, 400))), source="x.png")
    small = scaled_to(picture, 72, 72)
    assert (small.width, small.height) == (300, 75)
    assert small.ratio == pytest.approx(picture.ratio)
    assert scaled_to(small, 720, 720) is small


PROGRAM = """
import sys
from mou.rendering.pictures import read_picture, scaled_to
picture = scaled_to(read_picture(sys.stdin.buffer.read(), source="x"), 60, 60)
sys.stdout.buffer.write(picture.png)
"""


def test_the_same_picture_gives_the_same_bytes_in_any_process() -> None:
    content = saved(drawn("RGBA", (1600, 700)))
    first, second = (
        subprocess.run(
            [sys.executable, "-c", PROGRAM], input=content, capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second
    assert first == scaled_to(read_picture(content, source="x"), 60, 60).png


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that says this size and holds no more than a few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b""))
    )


def animation() -> bytes:
    return saved(drawn(), save_all=True, append_images=[Image.new("RGB", (300, 100), "red")])


def sixteen_bits(colours: int) -> bytes:
    """A PNG with 16 bits for each of 1 or 3 colours, which Pillow does not write in colour."""
    row = b"\x00" + bytes(range(240)) * (colours * 2)
    header = struct.pack(">IIBBBBB", 240, 240, 16, {1: 0, 3: 2}[colours], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(row * 240)), (b"IEND", b""))
    )


# what is wrong: (the bytes, what the error tells of what came)
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "got an empty file"),
    "text": (lambda: b"no picture at all", "PNG or JPEG picture is expected, got something else"),
    "svg": (lambda: b'<?xml version="1.0"?><SVG xmlns="http://www.w3.org/2000/svg"/>', "got SVG"),
    "pdf": (lambda: b"%PDF-1.7\n", "got PDF"),
    "heic": (lambda: b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "got HEIC"),
    "avif": (lambda: saved(drawn(), "AVIF"), "got AVIF"),
    "webp": (lambda: saved(drawn(), "WEBP"), "got WebP"),
    "gif": (lambda: saved(drawn("P"), "GIF"), "got GIF"),
    "tiff": (lambda: saved(drawn(), "TIFF"), "got TIFF"),
    "bmp": (lambda: saved(drawn(), "BMP"), "got BMP"),
    "too many bytes": (lambda: saved(drawn()) + bytes(LARGEST_BYTES), "at most 10 MB is expected"),
    "too many pixels": (lambda: png_of_size(5000, 5001), "at most 25 million pixels is expected, got 5000 x 5001"),
    "what Pillow warns of": (lambda: png_of_size(10_000, 10_000), "at most 25 million pixels is expected, got 10000 x 10000"),
    "a bomb": (lambda: png_of_size(60_000, 60_000), "at most 25 million pixels is expected, got far more"),
    "too small": (lambda: saved(drawn(size=(39, 100))), "at least 40 x 40 pixels is expected, got 39 x 100"),
    "too wide": (lambda: saved(drawn(size=(441, 44))), "no side is more than 10 times the other is expected, got 441 x 44"),
    "too tall": (lambda: saved(drawn(size=(44, 441))), "no side is more than 10 times the other is expected, got 44 x 441"),
    "an animation": (animation, "got an animation"),
    "16 bits of grey": (lambda: sixteen_bits(1), "8 bits for each colour, in RGB or grey, is expected, got 16 bits"),
    "16 bits of colour": (lambda: sixteen_bits(3), "8 bits for each colour, in RGB or grey, is expected, got 16 bits"),
    "inks": (lambda: saved(drawn("RGB").convert("CMYK"), "JPEG"), "in RGB or grey, is expected, got CMYK"),
    "a png cut off": (lambda: saved(Image.effect_noise((300, 300), 90))[:-5000], "broken or cut off"),
    "a jpeg cut off": (lambda: saved(Image.effect_noise((300, 300), 90), "JPEG")[:-5000], "broken or cut off"),
    "a png of nothing": (lambda: png_of_size(300, 300), "broken or cut off"),
    "a header alone": (lambda: saved(drawn())[:40], "broken or cut off"),
    "white": (lambda: saved(Image.new("RGB", (100, 100), "white")), "one colour all over"),
    "glass": (lambda: saved(Image.new("RGBA", (100, 100), (9, 9, 9, 0))), "one colour all over"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_no_usable_picture_is_refused_with_what_was_expected_and_what_came(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    content, told = REFUSED[fault]
    with pytest.raises(PictureError) as refusal:
        read_picture(content(), source="signature.png")
    assert str(refusal.value).startswith("signature.png: ")
    assert told in str(refusal.value)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


def test_pixels_are_counted_before_any_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(*_arguments: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decode)
    with pytest.raises(PictureError, match="million pixels"):
        read_picture(png_of_size(LARGEST_PIXELS // 100 + 1, 100), source="x")
