"""Consents, each kept apart from the others and from the signature: the words, and what is recorded of one that was given. Pure.

1. Four things are consented to one by one: a guardian lets a minor sign; the minor wants to sign; a name may be shown in public;
   a picture may be used. None follows from another, and none is given beforehand.
2. What is recorded is the digest of the words, the day of the paper or of the act in Bangkok, the moment and the author of the
   record, and for a guardian their name, what they are to the minor, and the digest of the signed paper.
3. A consent stands from its record until it is withdrawn. Withdrawing takes nothing back that was done before.
4. The words are for those who give the consent, not for lawyers. A change of a letter makes another version, with another digest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from signatures.digests import Digest, digest_of


class ConsentKind(StrEnum):
    """What is consented to."""

    GUARDIAN_CONSENT = "guardian_consent"
    MINOR_ASSENT = "minor_assent"
    NAME_PUBLICATION = "name_publication"
    PHOTO_PUBLICATION = "photo_publication"


TO_SIGN: Final = frozenset({ConsentKind.GUARDIAN_CONSENT, ConsentKind.MINOR_ASSENT})
"""What a minor's signature rests on."""

_ORDER: Final = tuple(ConsentKind)


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who consents for a minor: their name, what they are to the minor, and the digest of the paper that they signed."""

    name: str = dataclass_field(repr=False)
    relationship: str = dataclass_field(repr=False)
    paper: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenConsent:
    """One consent as it was recorded: of whom, to what, in which words, when, by whom; and when it was withdrawn, if it was.

    `signatory` is the full name of who is asked in the field: a delegate's consents are their own.
    """

    consent_id: str
    document_id: str
    field: str
    kind: ConsentKind
    signatory: str = dataclass_field(repr=False)
    text: Digest
    given_on: date
    recorded_at: datetime
    recorded_by: str
    guardian: Guardian | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None

    def stands(self, at: datetime) -> bool:
        """Whether it was recorded by a moment and not withdrawn until then."""
        return self.recorded_at <= at and (self.withdrawn_at is None or self.withdrawn_at > at)

    def follows(self, other: "GivenConsent") -> bool:
        """Whether it was given after another one; within a day, whether it was recorded after it."""
        return (self.given_on, self.recorded_at) >= (other.given_on, other.recorded_at)


def consents_of(consents: Iterable[GivenConsent], name: str, signatory: str) -> tuple[GivenConsent, ...]:
    """Return the consents of whoever is asked in one field, oldest record first; within a second in the order of their kinds."""
    own = (one for one in consents if (one.field, one.signatory) == (name, signatory))
    return tuple(sorted(own, key=lambda one: (one.recorded_at, _ORDER.index(one.kind), one.consent_id)))


def standing(own: Sequence[GivenConsent], kind: ConsentKind, *, at: datetime) -> GivenConsent | None:
    """Return the newest consent of this kind that stands at a moment; `own` is what `consents_of` gave."""
    return next((one for one in reversed(own) if one.kind is kind and one.stands(at)), None)


def is_withdrawn(own: Sequence[GivenConsent], kind: ConsentKind, *, at: datetime) -> bool:
    """Whether a consent of this kind was given and none stands any more."""
    return standing(own, kind, at=at) is None and any(one.kind is kind and one.recorded_at <= at for one in own)


class ConsentWords(NamedTuple):
    """What is agreed to, and what belongs to it; together they are the version that is recorded."""

    text: str
    detail: str

    @property
    def whole(self) -> str:
        """The words as they are shown, and as their digest is kept."""
        return f"{self.text} {self.detail}"

    @property
    def digest(self) -> Digest:
        """The version of these words."""
        return digest_of(self.whole.encode())


def words_of(kind: ConsentKind, language: str = "th") -> ConsentWords:
    """Return what is agreed to, in Thai or English."""
    return (_ENGLISH if language == "en" else _THAI)[kind]


# Not in the catalogues: a translation is a version of its own, and none may change by itself.
_THAI: Final[Mapping[ConsentKind, ConsentWords]] = {
    ConsentKind.GUARDIAN_CONSENT: ConsentWords(
        "ข้าพเจ้าเป็นผู้แทนโดยชอบธรรมของผู้ลงนามซึ่งอายุยังไม่ครบ ๒๐ ปี ข้าพเจ้าได้อ่านเอกสารฉบับนี้แล้ว และยินยอมให้ผู้ลงนามลงนามในนามขององค์กรหรือกลุ่ม",
        "ข้าพเจ้าทราบว่าผู้ลงนามเลือกไม่ลงนามก็ได้ และต้องมีผู้ใหญ่จากองค์กรหรือกลุ่มเดียวกันลงนามด้วย "
        "ความยินยอมนี้ไม่รวมถึงการเปิดเผยชื่อหรือการใช้ภาพ ข้าพเจ้าถอนความยินยอมได้ทุกเมื่อโดยแจ้งกองเลขานุการ "
        "หากถอนก่อนลงนาม ผู้ลงนามจะยังลงนามไม่ได้ หากถอนหลังลงนาม เอกสารยังคงอยู่ แต่ชื่อผู้ลงนามจะไม่แสดงต่อสาธารณะ",
    ),
    ConsentKind.MINOR_ASSENT: ConsentWords(
        "ฉันรู้ว่าเอกสารนี้พูดเรื่องอะไร มีคนอธิบายส่วนที่ฉันไม่เข้าใจให้ฟังแล้ว และฉันอยากลงนามด้วยตัวฉันเอง ไม่มีใครบังคับ",
        "ฉันบอกว่าไม่ลงนามก็ได้ จะไม่มีใครว่า และฉันไม่เสียสิทธิอะไร ถ้าเปลี่ยนใจทีหลัง ฉันบอกกองเลขานุการได้ทุกเมื่อ เอกสารที่ลงนามแล้วยังอยู่ "
        "แต่ชื่อของฉันจะไม่แสดงให้คนทั่วไปเห็น",
    ),
    ConsentKind.NAME_PUBLICATION: ConsentWords(
        "ฉันยินยอมให้แสดงชื่อของฉันในหน้าสาธารณะของเอกสารนี้ ใคร ๆ ก็เห็นได้",
        "ถ้าไม่ยินยอม ฉันก็ยังลงนามได้ตามปกติ ฉันถอนความยินยอมนี้ได้ทุกเมื่อ แล้วชื่อจะหายไปจากหน้าสาธารณะ แต่ชื่อยังอยู่ในตัวเอกสารที่ลงนามแล้ว "
        "ถ้าฉันอายุยังไม่ครบ ๒๐ ปี พ่อแม่หรือผู้แทนโดยชอบธรรมของฉันต้องยินยอมด้วย ถ้าฉันลงนามให้กลุ่มเยาวชนหรือสภาเด็กและเยาวชน จะแสดงแต่ชื่อกลุ่มเท่านั้น",
    ),
    ConsentKind.PHOTO_PUBLICATION: ConsentWords(
        "ฉันยินยอมให้ใช้ภาพของฉัน หรือภาพลายมือชื่อของฉัน ในเอกสารนี้",
        "ภาพที่อยู่ในเอกสารเอาออกไม่ได้อีก ทุกคนที่มีเอกสารจะเห็นภาพนั้น ถ้าไม่ยินยอม ฉันก็ยังลงนามได้โดยไม่มีภาพ ฉันถอนความยินยอมนี้ได้ทุกเมื่อ "
        "แล้วจะไม่มีการใช้ภาพอีก ถ้าฉันอายุยังไม่ครบ ๒๐ ปี พ่อแม่หรือผู้แทนโดยชอบธรรมของฉันต้องยินยอมด้วย",
    ),
}
_ENGLISH: Final[Mapping[ConsentKind, ConsentWords]] = {
    ConsentKind.GUARDIAN_CONSENT: ConsentWords(
        "I am the legal representative of the signatory, who is not yet 20 years old. I have read this document and "
        "consent to the signatory signing it for the organisation or group.",
        "I know that the signatory may choose not to sign, and that an adult of the same organisation or group signs as "
        "well. This consent covers neither the publication of the name nor the use of a picture. I may withdraw it at any "
        "time by telling the secretariat: before the signature, nothing can be signed; after it, the document stays, and "
        "the signatory's name is not shown in public.",
    ),
    ConsentKind.MINOR_ASSENT: ConsentWords(
        "I know what this document is about. What I did not understand was explained to me. I want to sign it myself, and "
        "nobody makes me.",
        "I may say no; nobody will blame me, and I lose nothing. If I change my mind later, I can tell the secretariat at "
        "any time. What is signed stays, but my name is then not shown to everybody.",
    ),
    ConsentKind.NAME_PUBLICATION: ConsentWords(
        "I agree that my name is shown on the public page of this document, where everybody can see it.",
        "Without this I can sign all the same. I may take it back at any time; my name then goes from the public page, "
        "but stays in the signed document itself. If I am not yet 20, my guardian has to agree too. If I sign for a youth "
        "group or a children and youth council, only the group's name is shown.",
    ),
    ConsentKind.PHOTO_PUBLICATION: ConsentWords(
        "I agree that my picture, or a picture of my signature, is used in this document.",
        "A picture cannot be taken out of a document any more, and everybody who has the document sees it. Without this I "
        "can sign all the same, without a picture. I may take it back at any time; no picture is used from then on. If I "
        "am not yet 20, my guardian has to agree too.",
    ),
}
