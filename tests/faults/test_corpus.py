"""The verdicts on a corpus of signed, tampered and broken files from elsewhere, which lies outside of the project.

Its folder, with a `manifest.csv` (file, what, expected, certainty), is named by the environment variable MOU_CORPUS.
"""

import csv
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signatures.reader import open_reader
from signatures.revisions import read_revisions
from signatures.steps import recognised_steps
from signatures.validation import validate_signatures
from signatures.verification import VerificationPolicy, verify

RIGHT = {
    "valid-intact": {"intact"},
    "intact-but-untrusted": {"intact"},
    "tampered/forged": {"modified", "invalid", "unreadable", "unsigned"},
    "broken-structure": {"modified", "invalid", "unreadable", "unsigned"},
    "unsigned": {"unsigned"},
}
AT = datetime(2026, 11, 22, tzinfo=UTC)
_FOLDER = os.environ.get("MOU_CORPUS", "")


def rows() -> list[dict[str, str]]:
    manifest = Path(_FOLDER) / "manifest.csv"
    if not _FOLDER or not manifest.is_file():
        return []
    with manifest.open(encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if (Path(_FOLDER) / row["file"]).is_file()]


ROWS = rows()
needs_corpus = pytest.mark.skipif(not ROWS, reason="MOU_CORPUS names no folder with a manifest.csv")


@needs_corpus
@pytest.mark.parametrize("row", [row for row in ROWS if row["certainty"] == "firm"], ids=lambda row: row["file"])
def test_the_integrity_of_a_file_is_the_expected_one(row: dict[str, str]) -> None:
    policy = VerificationPolicy(roots=(), ledger_keys=(), at=AT)
    report = verify((Path(_FOLDER) / row["file"]).read_bytes(), None, policy)
    assert report.integrity in RIGHT[row["expected"]], report.reason
    assert report.verdict != "passed"
    assert json.dumps(report.as_json(row["file"]))


@needs_corpus
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
@pytest.mark.parametrize("is_own", [True, False], ids=["own", "from elsewhere"])
def test_the_short_way_and_the_long_way_agree(row: dict[str, str], monkeypatch: pytest.MonkeyPatch, *, is_own: bool) -> None:
    pdf = (Path(_FOLDER) / row["file"]).read_bytes()
    try:
        short = validate_signatures(pdf, None, at=AT, strict=is_own)
    except Exception as error:  # noqa: BLE001  # the same must come of the long way
        pytest.skip(f"cannot be read either way: {error}")
    steps = recognised_steps(pdf, open_reader(pdf, strict=is_own), read_revisions(pdf)[0].end) if read_revisions(pdf) else ()
    if set(steps) <= {None}:
        return
    monkeypatch.setattr("signatures.validation.recognised_steps", lambda *_: (None,) * len(steps))
    assert validate_signatures(pdf, None, at=AT, strict=is_own) == short
