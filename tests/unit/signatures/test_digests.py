from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signatures.digests import Digest, digest_of, digest_of_file
from signatures.errors import SignaturesError

# FIPS 180-2, appendix B.1.
OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_digest_is_sha_256_with_the_name_of_the_algorithm() -> None:
    assert str(digest_of(b"abc")) == f"sha256:{OF_ABC}"
    assert digest_of(b"abc").hex == OF_ABC


def test_the_short_form_is_for_people() -> None:
    assert digest_of(b"abc").short() == "ba78 16bf 8f01 cfea"


@given(st.binary(max_size=100))
def test_the_text_form_reads_back(content: bytes) -> None:
    assert Digest.parse(str(digest_of(content))) == digest_of(content)


def test_a_file_has_the_digest_of_its_bytes(tmp_path: Path) -> None:
    content = bytes(range(256)) * 5_000
    (tmp_path / "file").write_bytes(content)
    (tmp_path / "empty").write_bytes(b"")
    assert digest_of_file(tmp_path / "file") == digest_of(content)
    assert digest_of_file(tmp_path / "empty") == digest_of(b"")


def test_digests_are_ordered_by_their_text() -> None:
    assert sorted([Digest("b" * 64), Digest("a" * 64)]) == [Digest("a" * 64), Digest("b" * 64)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        OF_ABC,
        f"sha256:{OF_ABC.upper()}",
        f"sha256:{OF_ABC[:-1]}",
        f"sha256:{OF_ABC}0",
        f"sha512:{OF_ABC}",
        f" sha256:{OF_ABC}",
        f"sha256:{OF_ABC}\n",
    ],
    ids=["nothing", "no algorithm", "upper case", "short", "long", "another algorithm", "space before", "newline after"],
)
def test_a_text_that_is_no_digest_is_refused_and_shown(text: str) -> None:
    with pytest.raises(SignaturesError) as refused:
        Digest.parse(text)
    assert repr(text) in str(refused.value)
