"""A notice -> its page, Thai first and English beside it; everything on it comes from the notice alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

from mou.charter.facts import Fact
from mou.charter.notices import Notice, ToldDocument, ToldInstrument
from mou.notices.words import KINDS, NOTHING, Both, day_of, detail_of, fact_in_words, outcome_of, short_day_of, title_of
from mou.thai import in_numerals, protect

_STYLE: Final = Path(__file__).resolve().parent / "paper.css"
_HEADS: Final = (
    Both("ลำดับ", "No."),
    Both("วันที่มีผล", "Effective on"),
    Both("เอกสาร", "Instrument"),
    Both("องค์กร", "Organisation"),
    Both("ผลตรวจแบบ", "Due form"),
    Both("รายการ", "Entry"),
)
_WHAT_IT_IS: Final = (
    Both(
        "ผู้เก็บรักษาบันทึก ตรวจแบบ คำนวณ และแจ้งเท่านั้น มิได้วินิจฉัยสิทธิ ความสามารถ หรืออำนาจของผู้ใด ข้อที่เห็นต่างกันยังเปิดอยู่ระหว่างองค์กรภาคี",
        "The depositary records, examines form, computes and notifies. It rules on nobody's rights, capacity or authority: what "
        "is disputed stays open between the parties.",
    ),
    Both(
        "โปรดเก็บไฟล์ PDF นี้ไว้ ฉบับที่ท่านถืออยู่เป็นพยาน: หากบัญชีการลงนามถูกแก้ไขภายหลัง ไม่ว่าโดยผู้ใด รวมทั้งกองเลขานุการ หัวบัญชีข้างต้นจะขัดกับบัญชีนั้น",
        "Please keep this PDF. Your copy is a witness: a ledger that is rewritten later, by anybody, the secretariat too, "
        "contradicts the head of the ledger above.",
    ),
    Both(
        "ไฟล์นี้ผนึกด้วยตราประทับอัตโนมัติของเครือข่าย ระบบเป็นผู้ผนึก มิใช่ลายมือชื่อของบุคคลใด และไม่มีชื่อบุคคลในหนังสือนี้",
        "This file bears the network's automatic seal. A machine set it; it is nobody's signature. No person is named in this "
        "notice.",
    ),
    Both(
        "ตรวจสอบด้วยตนเองโดยไม่ต้องต่ออินเทอร์เน็ต: mou notice check ไฟล์นี้ เอกสารที่ท่านมี",
        "Check it yourself, offline: mou notice check THIS-FILE YOUR-DOCUMENT",
    ),
)


def notice_page(notice: Notice) -> str:
    """Return the page as HTML without a style."""
    title = title_of(notice.number)
    places = {told.instrument_id: number for number, told in enumerate(notice.instruments, 1)}
    body = Markup("\n").join(
        (
            _heading(notice, title),
            _section(Both("ข้อเท็จจริงที่คำนวณจากเอกสาร", "Computed facts"), _facts(notice, places)),
            _section(Both("เอกสารที่ได้รับ", "Instruments received"), _instruments(notice)),
            _section(Both("ข้อความและไฟล์ที่หนังสือนี้กล่าวถึง", "Documents that this notice tells of"), _documents(notice)),
            _section(Both("ความต่อเนื่อง", "Continuity"), _chain(notice)),
            _section(Both("หนังสือนี้คืออะไร", "What this notice is"), Markup("").join(pair("p", one) for one in _WHAT_IT_IS)),
        )
    )
    return str(
        Markup(
            '<!doctype html>\n<html lang="th"><head><title>{}: {}</title></head>\n<body><main>{}</main></body></html>\n'
        ).format(title.th, notice.title, body)
    )


def notice_style() -> str:
    """Return the style sheet of the page, without its font."""
    return _STYLE.read_text(encoding="utf-8")


def _heading(notice: Notice, title: Both) -> Markup:
    rows = (
        (Both("จาก", "From"), Both(f"กองเลขานุการ {notice.network} ในฐานะผู้เก็บรักษา", "The secretariat, as depositary")),
        (
            Both("ถึง", "To"),
            Both("องค์กรภาคี และองค์กรที่ได้รับเชิญซึ่งยังไม่เป็นภาคี", "The parties, and those invited that are no parties yet"),
        ),
        (Both("วันที่", "Date"), day_of(notice.day)),
    )
    facts = [row(name, pair("span", value)) for name, value in rows]
    facts.append(row(Both("เรื่อง", "About"), Markup("<span>{}</span>").format(notice.title)))
    facts.append(row(Both("ข้อความของธรรมนูญ", "Text of the charter"), code(notice.text)))
    return Markup(
        '<p class="network">{}</p><h1>{}</h1><p class="again" lang="en">{}</p><table class="facts"><tbody>{}</tbody></table>'
    ).format(notice.network, title.th, title.en, Markup("").join(facts))


def _facts(notice: Notice, places: dict[str, int]) -> Markup:
    if not notice.facts:
        return pair("p", NOTHING)
    return Markup("").join(Markup('<div class="fact">{}</div>').format(_fact(fact, places)) for fact in notice.facts)


def _fact(fact: Fact, places: dict[str, int]) -> Markup:
    """Return a fact, with the rows of this notice's table that it follows from."""
    said = fact_in_words(fact)
    rows = sorted(places[one] for one in fact.because if one in places)
    if rows:
        numbers = _runs(rows)
        said = Both(f"{said.th} (จากลำดับที่ {in_numerals(numbers)})", f"{said.en} (from no. {numbers})")
    return pair("p", said)


def _runs(numbers: Sequence[int]) -> str:
    """Return ascending numbers as text, those that follow each other as one run: 3, 15-27."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _instruments(notice: Notice) -> Markup:
    if not notice.instruments:
        return pair("p", NOTHING)
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(pair("span", one)) for one in _HEADS)
    rows = Markup("\n").join(_instrument(number, told) for number, told in enumerate(notice.instruments, 1))
    return Markup('<table class="instruments"><tbody><tr>{}</tr>{}</tbody></table>').format(head, rows)


def _instrument(number: int, told: ToldInstrument) -> Markup:
    detail, name = detail_of(told), told.name or told.party or "-"
    organisation = Markup(protect(str(escape(name)), [name]))  # noqa: S704  # escaped before it is taken apart
    what = pair("span", KINDS[told.kind]) + (Markup("") if detail is None else pair("span", detail))
    outcome = Markup('<div class="{}">{}</div>').format(
        "accepted" if told.returned_for is None else "returned", pair("span", outcome_of(told))
    )
    return Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>').format(
        in_numerals(number), pair("span", short_day_of(told.on)), what, organisation, outcome, told.entry
    )


def _documents(notice: Notice) -> Markup:
    if not notice.documents:
        return pair("p", NOTHING)
    return Markup('<table class="facts"><tbody>{}</tbody></table>').format(
        Markup("\n").join(_document(number, one) for number, one in enumerate(notice.documents, 1))
    )


def _document(number: int, document: ToldDocument) -> Markup:
    place = in_numerals(number)
    name = Both(f"{place}. เอกสารที่ยื่น", "paper received")
    if document.number is not None:
        name = Both(*[f"{place}. {document.number}"] * 2)
    if document.newest is None:
        return row(name, code(document.digest))
    signed = Markup("{}{}{}{}").format(
        pair("span", Both("ข้อความก่อนลงนาม", "text before signing")),
        code(document.digest),
        pair("span", Both("ไฟล์ล่าสุดในวันที่แจ้ง", "newest file on the day of this notice")),
        code(document.newest),
    )
    return row(name, signed)


def _chain(notice: Notice) -> Markup:
    head = notice.head
    before = (
        pair("span", Both("ไม่มี ฉบับนี้เป็นฉบับแรก", "none: this is the first")) if notice.previous is None else code(notice.previous)
    )
    entries = Both(f"{in_numerals(head.size)} รายการ", f"{head.size} entries")
    rows = (
        row(Both("ค่าแฮชของหนังสือแจ้งฉบับก่อน", "Digest of the notice before"), before),
        row(Both("บัญชีการลงนาม", "Ledger"), code(head.origin)),
        row(Both("จำนวนรายการ", "Its size"), pair("span", entries)),
        row(Both("หัวบัญชี (ค่าราก)", "Its head (root)"), code(head.root.hex())),
    )
    return Markup('<table class="facts chain"><tbody>{}</tbody></table>').format(Markup("").join(rows))


def _section(title: Both, content: Markup) -> Markup:
    return Markup("<section><h2>{}</h2>{}</section>").format(pair("span", title), content)


def row(name: Both, value: Markup) -> Markup:
    """Return one row of a table of facts: what it is called in both languages, and its value."""
    return Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(pair("span", name), value)


def pair(tag: str, words: Both) -> Markup:
    """Return both languages, each marked as what it is; what is the same in both stands once."""
    thai = Markup('<{0} class="th">{1}</{0}>').format(Markup(tag), words.th)  # noqa: S704  # a tag's name of ours
    if words.th == words.en:
        return thai
    return thai + Markup(' <{0} class="en" lang="en">{1}</{0}>').format(Markup(tag), words.en)  # noqa: S704  # as above


def code(text: str) -> Markup:
    """Return a digest or another text for programs, which may break anywhere."""
    return Markup("<code>{}</code>").format(text)
