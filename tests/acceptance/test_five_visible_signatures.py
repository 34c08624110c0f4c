"""A charter that five sign and a memorandum that four sign, two of each with a picture: valid, archival, accessible, readable.

Every signature is one run of the program. The PDF is looked at after each: what holds at the end must have held all along.
"""

import io
import random
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from mou.models import Capacity
from mou.rendering.conformance import check_conformance
from mou.templates import bundled_templates_folder
from mou.thai import capacity_in_thai, thai_datetime
from signatures.authority import Subject, new_private_key, open_authority, write_pkcs12
from signatures.digests import Digest
from signatures.revisions import findings

if TYPE_CHECKING:
    from tests.acceptance.conftest import RunMou

MEMBERS = """\
รหัสองค์กร,ชื่อองค์กร,ประเภท,จังหวัด,คำนำหน้าผู้แทน,ชื่อผู้แทน,นามสกุลผู้แทน,ตำแหน่งผู้แทน,คำนำหน้าพยาน,ชื่อพยาน,นามสกุลพยาน,ตำแหน่งพยาน
org-1,มูลนิธิสมมติหนึ่ง,มูลนิธิ,เชียงใหม่,นาง,น้ำทิพย์,ซึ่งสิ้นครั้ง,ประธาน,นาย,ศักดิ์สิทธิ์,ทั้งขึ้น,เลขานุการ
org-2,มูลนิธิสมมติสอง,มูลนิธิ,เชียงใหม่,ว่าที่ร้อยตรีหญิง,ประกายกาญจน์ศิริรัตนวิไล,ณ เชียงใหม่ลำพูนลำปาง,ประธาน,นาง,ขวัญ,ตัวอย่าง,เลขานุการ
org-3,มูลนิธิสมมติสาม,มูลนิธิ,ลำปาง,นาย,ธีระศักดิ์,สมมติสุข,ประธาน,นาง,กตัญญู,ตัวอย่าง,เลขานุการ
org-4,มูลนิธิสมมติสี่,มูลนิธิ,ลำพูน,นางสาว,ปิ่น,ป้องฐานรากฎ,ประธาน,นาย,ก้ำ,ตัวอย่าง,เลขานุการ
org-5,มูลนิธิสมมติห้า,มูลนิธิ,น่าน,นาย,ฟื้น,ฝั่งฏุญุ,ประธาน,นาง,ญาดา,ตัวอย่าง,เลขานุการ
"""
WITH_PICTURE = {"S0002": "seal.png", "S0004": "scribble.jpg"}
PASSWORD = "ความลับ-correct-horse"
DOCUMENTS = {"lanna-charter": 5, "lanna-mou": 4}


@dataclass(frozen=True, slots=True)
class Signed:
    """One document, complete: its file, its bytes before the first signature and after each, and what `mou status` says."""

    path: Path
    revisions: tuple[bytes, ...]
    status: dict[str, Any]

    def stamp_of(self, signatory: dict[str, Any]) -> str:
        """What stands in the box of this signatory, without white space."""
        lines = (
            "ลงลายมือชื่ออิเล็กทรอนิกส์",
            signatory["name"],
            capacity_in_thai(Capacity(signatory["capacity"])),
            thai_datetime(datetime.fromisoformat(signatory["signed_at"])),
            f"เอกสาร {Digest.parse(self.status['digest']).short()}",
        )
        return bare("".join(lines))


def bare(text: str) -> str:
    return "".join(text.split())


def draw_pictures(folder: Path) -> None:
    """A round seal on glass, and a photograph of a scribble with the place where it was taken."""
    seal = Image.new("RGBA", (900, 900), (0, 0, 0, 0))
    ImageDraw.Draw(seal).ellipse([30, 30, 870, 870], outline=(170, 30, 40, 255), width=30)
    seal.save(folder / "seal.png")
    noise = random.Random(3)  # noqa: S311  # a hand, not a secret
    scribble = Image.new("RGB", (2400, 700), "#f4f2ee")
    points = [(100 + 20 * step, noise.randint(60, 640)) for step in range(110)]
    ImageDraw.Draw(scribble).line(points, fill=(20, 30, 120), width=14)
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    scribble.save(folder / "scribble.jpg", exif=exif, quality=90)


def write_key(workspace: Path, name: str, path: Path) -> None:
    """A key for this name, with a certificate of the workspace's own authority."""
    own = workspace / "keys"
    authority = open_authority((own / "authority.key.pem").read_bytes(), (own / "authority.pem").read_bytes(), source="authority")
    key, begin = new_private_key(), authority.certificate.not_valid_before_utc
    certificate = authority.issue(Subject(name), key.public_key(), not_before=begin, not_after=begin + timedelta(days=30))
    path.write_bytes(write_pkcs12(name, key, certificate, (authority.certificate,), PASSWORD))


@pytest.fixture(scope="module")
def workspace(run_mou: "RunMou", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five organisations, the charter and the memorandum of the first; nobody has signed."""
    folder = tmp_path_factory.mktemp("five") / "workspace"
    assert run_mou("init", folder, "--name", "เครือข่ายทดสอบ", "--origin", "example.org/five").code == 0
    shutil.copyfile(bundled_templates_folder() / "lanna-charter" / "example" / "ceremony.toml", folder / "ceremony.toml")
    (folder / "members.csv").write_text(MEMBERS, encoding="utf-8")
    (folder / "password.txt").write_text(PASSWORD, encoding="utf-8")
    draw_pictures(folder)
    for arguments in (
        ("organisations", "import", folder / "members.csv"),
        ("generate", "lanna-charter"),
        ("generate", "lanna-mou", "--organisation", "org-1"),
    ):
        answer = run_mou(*arguments, "-w", folder)
        assert answer.code == 0, answer.stderr
    return folder


@pytest.fixture(scope="module", params=DOCUMENTS)
def signed(request: pytest.FixtureRequest, run_mou: "RunMou", workspace: Path) -> Signed:
    (path,) = (workspace / "documents" / request.param).glob("*.pdf")
    revisions = [path.read_bytes()]
    (status,) = run_mou("status", path.stem, "--json", "-w", workspace).table
    for signatory in status["signatories"]:
        field = signatory["field"]
        key = workspace / f"{path.stem}-{field}.p12"
        write_key(workspace, signatory["name"], key)
        picture = ("--picture", workspace / WITH_PICTURE[field]) if field in WITH_PICTURE else ()
        secret = ("--password-file", workspace / "password.txt")
        answer = run_mou("sign", path, "--slot", field, "--pkcs12", key, *secret, *picture, "-w", workspace)
        assert answer.code == 0, answer.stderr
        revisions.append(path.read_bytes())
    (status,) = run_mou("status", path.stem, "--json", "-w", workspace).table
    assert status["signed"] == DOCUMENTS[request.param]
    return Signed(path, tuple(revisions), status)


def test_every_signature_validates(signed: Signed, run_mou: "RunMou", workspace: Path) -> None:
    answer = run_mou("verify", "--json", "-w", workspace, signed.path)
    (line,) = answer.lines
    assert (answer.code, line["verdict"], line["integrity"]) == (0, "passed", "intact")
    assert [one["verdict"] for one in line["signatures"]] == ["passed"] * (1 + signed.status["asked"])


def test_each_signed_file_begins_with_the_bytes_of_the_one_before(signed: Signed) -> None:
    for before, after in pairwise(signed.revisions):
        assert after.startswith(before)
        assert len(after) > len(before)
    assert list(findings(signed.revisions[-1])) == []


def test_the_file_stays_archival_and_accessible_with_each_signature(signed: Signed) -> None:
    for revision in signed.revisions:
        report = check_conformance(revision)
        assert [str(finding.message) for finding in report.findings] == []
        assert [str(unseen.message) for unseen in report.unseen] == []


def read_with_poppler(path: Path) -> str:
    return subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True).stdout.decode()


def read_with_mupdf(path: Path) -> str:
    """What MuPDF reads; version 1.21 does not know ActualText, so that SARA AM comes in its two halves."""
    if shutil.which("mutool") is None:
        pytest.skip("mutool is not installed (Debian: mupdf-tools)")
    told = subprocess.run(["mutool", "draw", "-q", "-F", "txt", path], capture_output=True, check=True).stdout.decode()
    for tone in ("", "\u0e48", "\u0e49", "\u0e4a", "\u0e4b"):
        told = told.replace(f"\u0e4d{tone}\u0e32", f"{tone}\u0e33").replace(f"{tone}\u0e4d\u0e32", f"{tone}\u0e33")
    return told


def read_with_pdfium(path: Path) -> str:
    """What PDFium reads once what the fields look like is part of the pages: of annotations it reads no text."""
    with pypdfium2.PdfDocument(path) as document:
        document.init_forms()
        for page in document:
            page.flatten()
        return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("read", [read_with_poppler, read_with_mupdf, read_with_pdfium])
def test_the_text_of_every_stamp_comes_out_exactly(signed: Signed, read: Callable[[Path], str]) -> None:
    text = bare(read(signed.path))
    for signatory in signed.status["signatories"]:
        assert text.count(signed.stamp_of(signatory)) == 1, signatory["name"]


def test_the_pictures_stand_in_their_boxes_and_tell_nothing_else(signed: Signed) -> None:
    assert b"Exif" not in signed.revisions[-1]
    with pikepdf.open(io.BytesIO(signed.revisions[-1])) as pdf:
        looks = {str(field.T): field.AP.N for field in pdf.Root.AcroForm.Fields}
        pictures = {
            name: thing
            for name, look in looks.items()
            for thing in look.Resources.get("/XObject", pikepdf.Dictionary()).values()
            if thing.Subtype == pikepdf.Name.Image
        }
        assert sorted(pictures) == sorted(WITH_PICTURE)
        for picture in pictures.values():
            assert not picture.get("/Interpolate", False)
            assert max(int(picture.Width), int(picture.Height)) < 400


def test_a_copy_to_print_shows_every_stamp(signed: Signed, run_mou: "RunMou", workspace: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.pdf"
    answer = run_mou("print", signed.path, "-o", copy, "-w", workspace)
    assert answer.code == 0, answer.stderr
    text = bare(read_with_poppler(copy))
    for signatory in signed.status["signatories"]:
        assert text.count(signed.stamp_of(signatory)) == 1, signatory["name"]
    report = check_conformance(copy.read_bytes())
    assert (report.findings, report.unseen) == ((), ())
