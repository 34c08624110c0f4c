"""The text of a new memorandum, in formal Thai, from the answers to `template_questions`. Pure.

The wording is written for this product. It is where a house begins, not advice: who signs has it read by somebody who knows
the law.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from mou.workflow.starting_markup import (
    END,
    HEAD,
    SIGNATURE_MACRO,
    TITLE,
    Articles,
    as_literal,
    as_markup,
    paragraph,
    sample_note,
    texts,
)

if TYPE_CHECKING:
    from mou.thai import Numerals

_MACROS: Final = """{% macro item(article, number, text) %}
<p class="item"><span class="number">{{ article | item(number) }}</span>{{ text }}</p>
{% endmacro %}
{% macro article(number, heading) %}
<h2><span class="article-number">{{ number | article }}</span>{{ heading }}</h2>
{% endmacro %}
"""
_REGISTRY: Final = (
    '<p class="registry">เลขที่ทะเบียน <span class="registry-box" id="registry-number"></span>'
    ' ลงวันที่ <span class="registry-box date" id="registry-date"></span></p>\n'
)
_OPENING: Final = (
    '<p class="between">ระหว่าง<strong>{{ host.name_th | lines(44) }}</strong>'
    "กับ<strong>{{ organisation.name_th | lines(44) }}</strong></p>\n"
)
_MADE_AT: Final = (
    "บันทึกความเข้าใจฉบับนี้ทำขึ้น ณ {{ ceremony.place }} {{ ceremony.district }} {{ ceremony.province }}"
    " เมื่อวันที่ {{ ceremony.date | thai_date }} ในคราว{{ ceremony.title }} ระหว่าง"
)
_HOST: Final = (
    "{{ host.name_th }} โดย {{ host.representative.full_name }} ตำแหน่ง {{ host.representative.position }}"
    " ซึ่งต่อไปในบันทึกความเข้าใจนี้เรียกว่า "
)
_PARTY: Final = (
    "{{ organisation.name_th }}{% if organisation.address %} ที่อยู่ {{ organisation.address }}{% endif %}"
    " โดย {{ organisation.representative.full_name }} ตำแหน่ง {{ organisation.representative.position }}"
    "{% if organisation.is_group_of_persons %} ซึ่งเป็นบุคคลผู้ลงนามในนามของกลุ่มที่มิได้จดทะเบียนเป็นนิติบุคคล{% endif %}"
    " ซึ่งต่อไปในบันทึกความเข้าใจนี้เรียกว่า "
)
_AMOUNT: Final = "{{ organisation.columns.budget | baht }} ({{ organisation.columns.budget | baht_in_words }})"
_PLANS_ANNEX: Final = """<table>
<thead><tr>
<th scope="col" class="number-column">ลำดับ</th>
<th scope="col">แผน</th>
<th scope="col" class="period-column">ช่วงเวลา</th>
</tr></thead>
<tbody>
{% for plan in ceremony.plans %}
<tr><td class="number-column">{{ loop.index }}</td><td>{{ plan.title }}</td><td>{{ plan | months }}</td></tr>
{% endfor %}
</tbody>
</table>
"""


def memorandum_markup(answers: Mapping[str, object]) -> str:
    """The whole `template.html` of a memorandum."""
    return _MemorandumText(answers).whole()


class _MemorandumText:
    """Writes one memorandum: the names that the two sides are called by stand in nearly every article."""

    def __init__(self, answers: Mapping[str, object]) -> None:
        self._answers = answers
        self._host = str(answers["host_called"])
        self._party = str(answers["party_called"])
        self._articles = Articles(cast("Numerals", answers["numerals"]))
        self._annexes = [*(["แผนดำเนินงานร่วม"] if answers["has_plans"] else []), *texts(answers, "annexes")]

    def whole(self) -> str:
        first = '<p class="document-number">เลขที่ {{ document.number }}</p>\n'
        registry = _REGISTRY if self._answers["has_registry"] else ""
        opening = f"{TITLE}{_OPENING}{sample_note('บันทึกความเข้าใจ')}\n{self._beginning()}"
        head = f"{_MACROS}{SIGNATURE_MACRO}{HEAD}{registry}{first}{opening}"
        self._about_the_matter()
        self._about_working_together()
        self._about_the_memorandum()
        self._ending()
        return f"{head}{self._articles.markup}{self._annex_sections()}{END}"

    def _beginning(self) -> str:
        background = "".join(paragraph(as_markup(one)) for one in texts(self._answers, "background"))
        parts = [
            paragraph(_MADE_AT),
            paragraph(f"{_HOST}“{as_markup(self._host)}” ฝ่ายหนึ่ง กับ"),
            paragraph(f"{_PARTY}“{as_markup(self._party)}” อีกฝ่ายหนึ่ง"),
            "\n<h2>หลักการและเหตุผล</h2>\n" if background else "\n",
            background,
            paragraph(
                "เพื่อให้การดำเนินงานร่วมกันเป็นไปอย่างต่อเนื่อง มีทิศทางร่วมกัน และมีหลักเกณฑ์ที่ทั้งสองฝ่ายยอมรับ"
                " ทั้งสองฝ่ายจึงตกลงทำบันทึกความเข้าใจไว้ต่อกัน มีข้อความดังต่อไปนี้"
            ),
        ]
        return "".join(parts)

    def _about_the_matter(self) -> None:
        articles = self._articles
        if self._answers.get("charter"):
            articles.begin("การรับรองธรรมนูญ")
            articles.item_of_markup(
                f"{as_markup(self._party)}ได้รับและพิจารณา{{{{ charter.title }}}} ฉบับที่ {{{{ charter.version | number }}}}"
                " ซึ่งต่อไปในบันทึกความเข้าใจนี้เรียกว่า “ธรรมนูญ” โดยตลอดแล้ว"
                " และแสดงเจตนาเข้าผูกพันตามธรรมนูญด้วยการลงนามในบันทึกความเข้าใจนี้"
            )
            articles.items([f"ข้อความของธรรมนูญที่{self._party}แสดงเจตนาผูกพัน ได้แก่ ข้อความในแฟ้มอิเล็กทรอนิกส์ซึ่งมีค่าแฮชตามวิธี SHA-256 ดังนี้"])
            articles.add('<p class="digest">{{ charter.digest_hex }}</p>\n')
            articles.items([f"ธรรมนูญเริ่มมีผลต่อ{self._party}เมื่อครบเงื่อนไขและกำหนดเวลาตามที่ธรรมนูญกำหนด"])
        self._purposes = articles.begin("วัตถุประสงค์", "บันทึกความเข้าใจนี้มีวัตถุประสงค์ ดังต่อไปนี้")
        articles.items(texts(self._answers, "purposes"))
        articles.begin(f"หน้าที่ของ{self._host}")
        articles.items(texts(self._answers, "host_duties"))
        articles.begin(f"หน้าที่ของ{self._party}")
        articles.items(texts(self._answers, "party_duties"))
        follow_up = "ทั้งสองฝ่ายจะติดตามผลการดำเนินงานร่วมกันเป็นระยะ และนำผลไปปรับปรุงการดำเนินงานในระยะต่อไป"
        if self._answers["has_plans"]:
            articles.begin("แผนดำเนินงานร่วมและการติดตามผล")
            articles.items([f"ทั้งสองฝ่ายจะดำเนินงานตามแผนดำเนินงานร่วมในช่วงเวลาตามภาคผนวก {articles.in_words(1)}", follow_up])
        else:
            articles.begin("การดำเนินงานและการติดตามผล", follow_up)
        self._money()

    def _money(self) -> None:
        articles = self._articles
        if self._answers["money"] == "none":
            articles.begin("งบประมาณ")
            articles.items(["แต่ละฝ่ายรับผิดชอบค่าใช้จ่ายในการดำเนินงานของตน เว้นแต่จะตกลงกันเป็นหนังสือเป็นรายกิจกรรม"])
            if not self._answers["is_binding"]:
                articles.items(["บันทึกความเข้าใจนี้ไม่ก่อให้เกิดภาระผูกพันทางการเงินแก่ฝ่ายใด"])
            return
        host_pays = self._answers["money"] == "host_pays"
        payer, payee = (self._host, self._party) if host_pays else (self._party, self._host)
        articles.begin("งบประมาณและการจ่ายเงิน")
        articles.item_of_markup(
            f"{as_markup(payer)}จะจ่ายเงินแก่{as_markup(payee)}เป็นจำนวน {_AMOUNT} เพื่อการดำเนินงานตามบันทึกความเข้าใจนี้"
        )
        articles.items(
            [
                "งวดและเงื่อนไขของการจ่ายเงินให้เป็นไปตามที่ทั้งสองฝ่ายตกลงกันเป็นหนังสือก่อนการจ่ายเงินงวดแรก",
                (
                    f"{payee}จะใช้เงินเฉพาะเพื่อวัตถุประสงค์ตามข้อ {articles.in_words(self._purposes)} จัดทำบัญชีแยกต่างหาก"
                    f" เก็บหลักฐานการจ่าย และรายงานการใช้จ่ายต่อ{payer}"
                ),
                f"เมื่อบันทึกความเข้าใจนี้สิ้นสุด {payee}จะคืนเงินส่วนที่ยังมิได้ใช้แก่{payer} เว้นแต่จะตกลงกันเป็นหนังสือเป็นอย่างอื่น",
            ]
        )

    def _about_working_together(self) -> None:
        articles = self._articles
        if self._answers["has_children"]:
            articles.begin("การคุ้มครองเด็กและการมีส่วนร่วม")
            articles.items(
                [
                    "ทั้งสองฝ่ายจะคำนึงถึงประโยชน์สูงสุดของเด็กเป็นสำคัญ และไม่กระทำการอันเป็นความรุนแรง การแสวงประโยชน์ หรือการทำให้เด็กด้อยค่า",
                    "การเข้าร่วมกิจกรรมของเด็กต้องเป็นไปโดยสมัครใจ และเด็กอาจถอนตัวเมื่อใดก็ได้โดยไม่เสียสิทธิ",
                    "การให้ผู้เยาว์ลงนาม หรือการเผยแพร่ชื่อหรือภาพของผู้เยาว์ ต้องได้รับความยินยอมจากผู้แทนโดยชอบธรรมและความสมัครใจของผู้เยาว์ก่อน",
                ]
            )
        articles.begin("ข้อมูลส่วนบุคคลและการรักษาความลับ")
        articles.items(
            [
                "ทั้งสองฝ่ายจะเก็บรวบรวม ใช้ และเปิดเผยข้อมูลส่วนบุคคลเท่าที่จำเป็นตามวัตถุประสงค์ของบันทึกความเข้าใจนี้ และตามกฎหมายที่ใช้บังคับ",
                "ข้อมูลที่ฝ่ายหนึ่งแจ้งว่าเป็นความลับ อีกฝ่ายหนึ่งจะไม่เปิดเผยแก่บุคคลอื่น เว้นแต่ได้รับความยินยอมหรือมีกฎหมายกำหนด",
            ]
        )
        articles.begin("ทรัพย์สินทางปัญญาและการเผยแพร่")
        articles.items(
            [
                "ผลงานที่ฝ่ายใดมีอยู่ก่อนย่อมเป็นของฝ่ายนั้น ผลงานที่จัดทำร่วมกันให้ใช้ได้ทั้งสองฝ่ายตามวัตถุประสงค์ของบันทึกความเข้าใจนี้ โดยระบุที่มา",
                "การใช้ชื่อหรือตราสัญลักษณ์ของอีกฝ่ายหนึ่งต้องได้รับความเห็นชอบก่อน",
            ]
        )
        articles.begin(
            "การติดต่อและการแจ้ง",
            "การแจ้งตามบันทึกความเข้าใจนี้ให้ทำเป็นหนังสือหรือข้อมูลอิเล็กทรอนิกส์ ส่งถึงผู้ประสานงานของอีกฝ่ายหนึ่ง และให้ถือว่าได้รับแจ้งในวันที่มีหลักฐานการรับ",
        )

    def _about_the_memorandum(self) -> None:
        articles = self._articles
        articles.begin("ระยะเวลา", self._term())
        amendment = "การแก้ไขเพิ่มเติมบันทึกความเข้าใจนี้ต้องทำเป็นหนังสือและลงนามโดยผู้แทนทั้งสองฝ่าย"
        if self._answers.get("charter"):
            amendment += " ส่วนการแก้ไขเพิ่มเติมธรรมนูญให้เป็นไปตามที่ธรรมนูญกำหนด"
        articles.begin("การแก้ไขเพิ่มเติม", amendment)
        articles.begin("การยกเลิกและการสิ้นสุด")
        articles.items([self._end(), "การสิ้นสุดไม่กระทบกิจกรรมที่เริ่มดำเนินการแล้ว และสิทธิหรือหน้าที่ที่เกิดขึ้นก่อนวันที่สิ้นสุด"])
        if self._annexes:
            names = [f"ภาคผนวก {articles.in_words(place)} {title}" for place, title in enumerate(self._annexes, start=1)]
            articles.begin("เอกสารแนบท้าย", "เอกสารดังต่อไปนี้เป็นส่วนหนึ่งของบันทึกความเข้าใจนี้")
            articles.items(names)
        articles.begin(
            "การระงับข้อโต้แย้ง",
            "ถ้ามีข้อโต้แย้งอันเกิดจากบันทึกความเข้าใจนี้ ทั้งสองฝ่ายจะปรึกษาหารือกันโดยสุจริตเพื่อหาข้อยุติร่วมกัน",
        )

    def _term(self) -> str:
        begins = "บันทึกความเข้าใจนี้มีผลตั้งแต่วันที่ผู้แทนทั้งสองฝ่ายลงนามครบถ้วน"
        if self._answers.get("charter"):
            return f"{begins} และคงมีผลตลอดเวลาที่{as_markup(self._party)}ผูกพันตามธรรมนูญ"
        years = cast("int", self._answers["term_years"])
        if not years:
            return f"{begins}เป็นต้นไป โดยไม่มีกำหนดเวลาสิ้นสุด"
        return (
            f"บันทึกความเข้าใจนี้มีกำหนด {self._articles.in_words(years)} ปี นับแต่วันที่ผู้แทนทั้งสองฝ่ายลงนามครบถ้วน"
            " และอาจต่ออายุได้โดยความตกลงเป็นหนังสือ"
        )

    def _end(self) -> str:
        if self._answers.get("charter"):
            return f"{self._party}อาจถอนตัวได้ตามวิธีการและกำหนดเวลาที่ธรรมนูญกำหนด และให้บันทึกความเข้าใจนี้สิ้นสุดลงในวันที่การถอนตัวมีผล"
        days = cast("int", self._answers["notice_days"])
        if not days:
            return "บันทึกความเข้าใจนี้อาจสิ้นสุดลงก่อนกำหนดได้โดยความตกลงเป็นหนังสือของทั้งสองฝ่าย"
        return f"ฝ่ายหนึ่งฝ่ายใดอาจยกเลิกบันทึกความเข้าใจนี้ได้โดยแจ้งเป็นหนังสือแก่อีกฝ่ายหนึ่งล่วงหน้าไม่น้อยกว่า {self._articles.in_words(days)} วัน"

    def _ending(self) -> None:
        articles = self._articles
        articles.add('\n<section class="ending">')
        articles.begin("ผลผูกพัน", self._effect())
        witnesses = "ต่อหน้าพยาน" if self._answers["has_witnesses"] else ""
        sides = [("host", self._host), ("party", self._party)]
        blocks = [f'{{{{ signature(slot_of("{role}"), {as_literal(f"ฝ่าย{called}")}) }}}}' for role, called in sides]
        if witnesses:
            blocks += [
                f'{{{{ signature(slot_of("{role}_witness"), {as_literal(f"พยานฝ่าย{called}")}) }}}}' for role, called in sides
            ]
        articles.add(
            '\n<p class="closing">บันทึกความเข้าใจนี้ทำขึ้นเป็นต้นฉบับอิเล็กทรอนิกส์หนึ่งฉบับ แต่ละฝ่ายถือแฟ้มซึ่งมีข้อความตรงกันทุกประการ'
            " สิ่งพิมพ์ออกของแฟ้มนี้เป็นสำเนา ผู้แทนทั้งสองฝ่ายได้อ่านและเข้าใจข้อความโดยตลอดแล้ว"
            f" จึงลงลายมือชื่ออิเล็กทรอนิกส์ไว้เป็นสำคัญ{witnesses}</p>\n"
            f'\n<div class="signature-block">\n{"".join(blocks)}\n</div>\n</section>\n'
        )

    def _effect(self) -> str:
        others = "ไม่ถือเป็นสัญญาจ้าง สัญญาตัวแทน หรือห้างหุ้นส่วน และไม่ตัดอำนาจหน้าที่ตามกฎหมายของฝ่ายใด"
        first = self._articles.in_words(1)
        consent = f"ข้อ {first} มีผลเป็นการแสดงเจตนาผูกพันตามธรรมนูญ ข้ออื่น" if self._answers.get("charter") else "บันทึกความเข้าใจนี้"
        # Who pays or is paid has not only stated an intent: see rule 3 of `starting_templates`.
        if self._answers["money"] != "none" or self._answers["is_binding"]:
            return f"{consent}มีผลผูกพันทั้งสองฝ่ายตามข้อความที่ตกลงกัน {others}"
        return f"{consent}เป็นการแสดงเจตนาที่จะร่วมมือกันโดยสุจริต ไม่ก่อให้เกิดนิติสัมพันธ์ทางหนี้ {others}"

    def _annex_sections(self) -> str:
        sections = []
        for place, title in enumerate(self._annexes, start=1):
            is_plans = bool(self._answers["has_plans"]) and place == 1
            asked = place - 1 if self._answers["has_plans"] else place
            body = _PLANS_ANNEX if is_plans else _annex_items(texts(self._answers, f"annex_{asked}"))
            sections.append(
                f'\n<section class="annex">\n<h2>ภาคผนวก {self._articles.in_words(place)}</h2>\n'
                f'<p class="annex-title">{as_markup(title)}</p>\n{body}</section>\n'
            )
        return "".join(sections)


def _signature(role: str, side: str) -> str:
    return f'{{{{ signature(slot_of("{role}"), {as_literal(side)}) }}}}'


def _annex_items(words: list[str]) -> str:
    items = (
        f'<p class="item"><span class="number">{{{{ {place} | number }}}}.</span>{as_markup(one)}</p>\n'
        for place, one in enumerate(words, start=1)
    )
    return "".join(items)
