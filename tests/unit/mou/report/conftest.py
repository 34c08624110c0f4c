"""Cases to report on: an honest memorandum, a damaged one, and files of people who mean no good."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mou.report.case import Case
from signatures.bundle import write_evidence
from signatures.messages import say
from signatures.trust import RootSet
from signatures.verification import unreadable_report, verify

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum


@pytest.fixture(scope="session")
def honest(memorandum: "SignedMemorandum") -> Case:
    """The whole memorandum with its evidence, under a root that stands in a named set."""
    evidence = write_evidence(memorandum.evidence())
    policy = replace(memorandum.policy(), root_sets=(RootSet("network", (memorandum.authority.certificate,)),))
    return Case(
        file="mou-0001.pdf",
        pdf=memorandum.pdf,
        evidence_file="mou-0001.evidence.json",
        evidence=evidence,
        policy=policy,
        report=verify(memorandum.pdf, evidence, policy),
    )


@pytest.fixture(scope="session")
def alone(honest: Case) -> Case:
    """The same file with nothing beside it and no root to judge by."""
    assert honest.pdf is not None
    policy = replace(honest.policy, roots=(), root_sets=(), ledger_keys=())
    return replace(honest, evidence=None, evidence_file=None, policy=policy, report=verify(honest.pdf, None, policy))


@pytest.fixture(scope="session")
def damaged(honest: Case) -> Case:
    """The same file with one byte of what was signed changed."""
    assert honest.pdf is not None
    pdf = honest.pdf.replace(b"/Adobe.PPKLite", b"/Adobe.PPKLitf", 1)
    return replace(honest, pdf=pdf, report=verify(pdf, honest.evidence, honest.policy))


@pytest.fixture(scope="session")
def unreadable(honest: Case) -> Case:
    """A file that could not be had at all."""
    report = unreadable_report(say("{path} cannot be read: {cause}", path="none.pdf", cause="No such file or directory"))
    return replace(honest, file="none.pdf", pdf=None, evidence=None, evidence_file=None, report=report)
