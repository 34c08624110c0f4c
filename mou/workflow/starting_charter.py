"""The text of a new charter, in formal Thai, from the answers to `template_questions` and the final clauses. Pure.

The wording is written for this product. Numbers of a committee, terms of office and the like are left to the general assembly:
what nobody was asked for is not decided here. The final clauses themselves are printed from the data.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from mou.charter.clauses import FinalClauses, NonAccepting
from mou.workflow.starting_markup import END, HEAD, TITLE, Articles, as_markup, paragraph, sample_note, texts

if TYPE_CHECKING:
    from mou.thai import Numerals

_MACROS: Final = """{% macro item(place, text) %}
<p class="item lettered"><span class="number">{{ place | letter }}</span>{{ text }}</p>
{% endmacro %}
{% macro article(number, heading) %}
<h3><span class="article-number">{{ number | article }}</span>{{ heading }}</h3>
{% endmacro %}
{% macro chapter(number, heading) %}
<h2 class="chapter">หมวด {{ number }}<br>{{ heading }}</h2>
{% endmacro %}
"""
_SUBTITLE: Final = '<p class="subtitle">ฉบับที่ {{ document.version | number }}<br>วันที่ {{ ceremony.date | thai_date }}</p>\n'
_FINAL_CLAUSES: Final = """
{{% for clause in final_clauses %}}
{{{{ article({last} + loop.index, clause.heading) }}}}
{{% for paragraph in clause.paragraphs %}}
<p>{{{{ paragraph }}}}</p>
{{% endfor %}}
{{% for text in clause.items %}}
{{{{ item(loop.index, text) }}}}
{{% endfor %}}
{{% for paragraph in clause.closing %}}
<p>{{{{ paragraph }}}}</p>
{{% endfor %}}
{{% endfor %}}

{{{{ chapter({chapter}, "การเลิกเครือข่าย") }}}}
{{{{ article({last} + 1 + final_clauses | length, "การเลิก") }}}}
"""
_ADOPTION: Final = (
    """
<section class="adoption">
<h2>การลงนามรับรองธรรมนูญ</h2>
"""
    "<p>ธรรมนูญนี้เสนอให้องค์กรสมาชิกลงนามในคราว{{ ceremony.title }} ณ {{ ceremony.place }} {{ ceremony.district }}"
    " {{ ceremony.province }} เมื่อวันที่ {{ ceremony.date | thai_date }} ทำขึ้นเป็นต้นฉบับอิเล็กทรอนิกส์หนึ่งฉบับ"
    " องค์กรสมาชิกทุกองค์กรถือแฟ้มซึ่งมีข้อความตรงกันทุกประการ สิ่งพิมพ์ออกของแฟ้มนี้เป็นสำเนา</p>\n"
    "<p>ตราประทับอิเล็กทรอนิกส์ของเครือข่ายในแฟ้มนี้ประทับโดยระบบอัตโนมัติเพื่อให้ตรวจพบการแก้ไข มิใช่ลายมือชื่อของบุคคล"
    " ผู้แทนขององค์กรจำนวน {{ slots | length }} องค์กรได้อ่านและเข้าใจข้อความโดยตลอดแล้ว จึงลงลายมือชื่ออิเล็กทรอนิกส์ไว้เป็นสำคัญ</p>\n"
    """{% for row in slots | batch(2) %}
<div class="signature-row">
{% for slot in row %}
<div class="signature">
<div class="signature-box" id="slot-{{ slot.field }}"></div>
<p>ลงชื่อ {{ slot.capacity }}</p>
<p>({{ slot.person.full_name }})</p>
<p>{{ slot.person.position }}</p>
<p>{{ slot.organisation_name | lines(36) }}</p>
</div>
{% endfor %}
</div>
{% endfor %}
</section>

<section class="annex">
<h2>บัญชีองค์กรสมาชิกท้ายธรรมนูญ</h2>
<p class="annex-title">จำนวน {{ members | length }} องค์กร</p>
<table>
<thead><tr>
<th scope="col" class="number-column">ลำดับ</th>
<th scope="col">องค์กรหรือหน่วยงาน</th>
<th scope="col" class="kind-column">ประเภท</th>
</tr></thead>
<tbody>
{% for member in members %}
<tr><td class="number-column">{{ loop.index }}</td><td>{{ member.name_th }}</td><td>{{ member.kind }}</td></tr>
{% endfor %}
</tbody>
</table>
</section>
"""
)


def charter_markup(answers: Mapping[str, object], clauses: FinalClauses) -> str:
    """The whole `template.html` of a charter."""
    return _CharterText(answers, clauses).whole()


class _CharterText:
    """Writes one charter, chapter by chapter."""

    def __init__(self, answers: Mapping[str, object], clauses: FinalClauses) -> None:
        self._answers = answers
        self._clauses = clauses
        self._articles = Articles(cast("Numerals", answers["numerals"]), lettered=True)
        self._chapter = 0

    def whole(self) -> str:
        self._general()
        self._members()
        self._structure()
        self._working_together()
        self._final_clauses()
        beginning = f'\n<h2 class="chapter">คำปรารภ</h2>\n{self._preamble()}'
        return f"{_MACROS}{HEAD}{TITLE}{_SUBTITLE}{sample_note('ธรรมนูญหรือมติ')}{beginning}{self._articles.markup}{_ADOPTION}{END}"

    def _begin_chapter(self, heading: str) -> None:
        self._chapter += 1
        self._articles.add(f'\n{{{{ chapter({self._chapter}, "{heading}") }}}}')

    def _preamble(self) -> str:
        background = "".join(paragraph(as_markup(one)) for one in texts(self._answers, "background"))
        return background + paragraph(
            "องค์กรและหน่วยงานซึ่งลงนามท้ายธรรมนูญนี้ประสงค์จะทำงานร่วมกันอย่างต่อเนื่องและเสมอภาค จึงร่วมกันรับรองธรรมนูญนี้เพื่อเป็นหลักในการทำงานร่วมกัน"
        )

    def _general(self) -> None:
        articles = self._articles
        self._begin_chapter("บททั่วไป")
        articles.begin("ชื่อ", "ธรรมนูญนี้เรียกว่า “{{ document.title }}”")
        articles.begin(
            "ชื่อและลักษณะของเครือข่าย",
            "เครือข่ายนี้ชื่อว่า “{{ host.name_th }}” เป็นการร่วมมือกันโดยสมัครใจขององค์กรสมาชิก"
            " และไม่ทำให้องค์กรสมาชิกใดเสียความเป็นอิสระหรืออำนาจหน้าที่ตามกฎหมาย",
        )
        articles.begin(
            "บทนิยาม",
            "ในธรรมนูญนี้",
            "“เครือข่าย” หมายความว่า {{ host.name_th }}",
            "“องค์กรสมาชิก” หมายความว่า องค์กรหรือหน่วยงานซึ่งธรรมนูญนี้มีผลผูกพัน",
            "“ผู้เก็บรักษา” หมายความว่า ผู้มีหน้าที่เก็บรักษาธรรมนูญและเอกสารที่เกี่ยวข้องตามธรรมนูญนี้",
        )
        self._begin_chapter("วัตถุประสงค์")
        articles.begin("วัตถุประสงค์ของเครือข่าย", "เครือข่ายมีวัตถุประสงค์ ดังต่อไปนี้")
        articles.items(texts(self._answers, "purposes"))

    def _members(self) -> None:
        articles = self._articles
        self._begin_chapter("สมาชิก")
        articles.begin("คุณสมบัติ", "องค์กรหรือหน่วยงานที่จะเป็นสมาชิกต้องมีคุณสมบัติ ดังต่อไปนี้")
        articles.items(texts(self._answers, "membership"))
        articles.begin("สิทธิของสมาชิก", "องค์กรสมาชิกแต่ละองค์กรมีสิทธิ ดังต่อไปนี้")
        articles.items(
            [
                "เข้าร่วมประชุม แสดงความคิดเห็น และออกเสียงในที่ประชุมใหญ่ได้องค์กรละหนึ่งเสียง",
                "เสนอชื่อผู้แทนเพื่อรับเลือกเป็นกรรมการ",
                "ได้รับข้อมูล เอกสาร และรายงานของเครือข่าย และตรวจสอบความถูกต้องของธรรมนูญและทะเบียนผู้ลงนาม",
            ]
        )
        articles.begin("หน้าที่ของสมาชิก", "องค์กรสมาชิกมีหน้าที่ ดังต่อไปนี้")
        articles.items(texts(self._answers, "member_duties"))
        ends = ["เมื่อการถอนตัวมีผล"]
        if self._clauses.expulsion is not None:
            ends.append("เมื่อที่ประชุมใหญ่มีมติให้พ้นจากการเป็นสมาชิก")
        if self._clauses.amendments.non_accepting is NonAccepting.DEEMED_OUT:
            ends.append("เมื่อการแก้ไขเพิ่มเติมซึ่งองค์กรนั้นมิได้ยอมรับมีผล")
        if self._clauses.duration.ends_on is not None:
            ends.append("เมื่อธรรมนูญนี้สิ้นผล")
        articles.begin("การพ้นจากการเป็นสมาชิก", f"องค์กรสมาชิกพ้นจากการเป็นสมาชิก{' '.join(ends)} หรือเมื่อเลิกองค์กร")

    def _structure(self) -> None:
        articles = self._articles
        self._begin_chapter("โครงสร้างและการประชุม")
        articles.begin("องค์ประกอบของเครือข่าย", "เครือข่ายประกอบด้วยที่ประชุมใหญ่ คณะกรรมการ และกองเลขานุการ")
        articles.begin(
            "ที่ประชุมใหญ่",
            "ที่ประชุมใหญ่ประกอบด้วยผู้แทนขององค์กรสมาชิกทุกองค์กร มีอำนาจกำหนดนโยบาย เลือกคณะกรรมการ รับรองรายงานประจำปี"
            " และพิจารณาเรื่องอื่นตามธรรมนูญนี้",
        )
        articles.begin(
            "คณะกรรมการ",
            "คณะกรรมการประกอบด้วยประธานและกรรมการอื่นซึ่งที่ประชุมใหญ่เลือกจากผู้แทนองค์กรสมาชิก ตามจำนวนและวาระที่ที่ประชุมใหญ่กำหนด"
            " ประธานเป็นผู้แทนของเครือข่ายในการติดต่อกับบุคคลภายนอก",
        )
        articles.begin("กองเลขานุการ", "กองเลขานุการมีหน้าที่ประสานงาน จัดประชุม จัดทำรายงานการประชุม และสนับสนุนการดำเนินงานของคณะกรรมการ")
        articles.begin(
            "การประชุม",
            "การเรียกประชุม องค์ประชุม และการลงมติในเรื่องที่ธรรมนูญนี้มิได้กำหนดไว้ ให้เป็นไปตามข้อบังคับการประชุมที่ที่ประชุมใหญ่กำหนด",
            "การประชุมอาจจัดในที่ตั้ง ผ่านสื่ออิเล็กทรอนิกส์ หรือทั้งสองทางพร้อมกัน ให้บันทึกจำนวนผู้เข้าประชุมแต่ละช่องทาง ข้อความของมติ"
            " และคะแนนเสียงไว้ในรายงานการประชุม",
        )

    def _working_together(self) -> None:
        articles = self._articles
        self._begin_chapter("การทำงานร่วมกัน")
        articles.begin(
            "ค่าใช้จ่ายและบัญชี",
            "องค์กรสมาชิกรับผิดชอบค่าใช้จ่ายของตนเอง เงินหรือทรัพย์สินที่มีผู้สนับสนุนเครือข่าย ให้องค์กรสมาชิกที่คณะกรรมการมอบหมายเป็นผู้รับและจ่าย"
            " จัดทำบัญชีแยกต่างหาก และรายงานต่อที่ประชุมใหญ่ทุกปี",
        )
        if self._answers["has_children"]:
            articles.begin(
                "การคุ้มครองเด็ก",
                "องค์กรสมาชิกคำนึงถึงประโยชน์สูงสุดของเด็กเป็นสำคัญ ไม่กระทำหรือยอมให้มีการกระทำอันเป็นความรุนแรง การแสวงประโยชน์"
                " หรือการทำให้เด็กด้อยค่า",
                "การมีส่วนร่วมของเด็กต้องเป็นไปโดยสมัครใจ การให้ผู้เยาว์ลงนาม หรือการเผยแพร่ชื่อหรือภาพของผู้เยาว์"
                " ต้องได้รับความยินยอมจากผู้แทนโดยชอบธรรมและความสมัครใจของผู้เยาว์ก่อน",
            )
        articles.begin("ข้อมูลส่วนบุคคล", "ข้อมูลส่วนบุคคลให้เก็บรวบรวม ใช้ และเปิดเผยเท่าที่จำเป็นและตามกฎหมายที่ใช้บังคับ")
        articles.begin(
            "ข้อโต้แย้งและการตีความ",
            "ข้อโต้แย้งระหว่างองค์กรสมาชิกให้แก้ไขด้วยการปรึกษาหารือโดยสุจริต หากไม่อาจตกลงกันได้ ให้เสนอคณะกรรมการไกล่เกลี่ย และที่ประชุมใหญ่ตามลำดับ",
            "เมื่อมีปัญหาการตีความธรรมนูญนี้ ให้คณะกรรมการเสนอความเห็นต่อที่ประชุมใหญ่เพื่อมีมติ",
        )

    def _final_clauses(self) -> None:
        articles = self._articles
        self._begin_chapter("การลงนาม การมีผล และการแก้ไขเพิ่มเติม")
        last = articles.begin(
            "วิธีแสดงเจตนาผูกพัน",
            "องค์กรแสดงเจตนาผูกพันตามธรรมนูญนี้ด้วยการลงนามท้ายธรรมนูญนี้ หรือลงนามในบันทึกความเข้าใจซึ่งระบุค่าแฮชของแฟ้มธรรมนูญนี้"
            " และให้ใช้บทบัญญัติในหมวดนี้แก่การลงนามทั้งสองวิธี",
        )
        articles.add(_FINAL_CLAUSES.format(last=last, chapter=self._chapter + 1))
        articles.add(
            paragraph(
                "เครือข่ายเลิกเมื่อที่ประชุมใหญ่มีมติ โดยใช้องค์ประชุมและคะแนนเสียงเช่นเดียวกับการแก้ไขเพิ่มเติมธรรมนูญ"
                " ทรัพย์สินซึ่งเหลืออยู่หลังจากชำระหนี้แล้วให้โอนแก่องค์กรที่มีวัตถุประสงค์ทำนองเดียวกันตามที่ที่ประชุมใหญ่กำหนด"
                " และให้ส่งมอบเอกสารแก่ผู้เก็บรักษา"
            )
        )
