"""Seven files of the kind that an office has, 01 to 07, as documents: texts of ours, in the markup that Word makes of them."""

from docx.document import Document

from tests.data.word.office_markup import (
    NAMESPACES,
    add,
    add_part,
    add_style,
    cell,
    layout,
    level,
    new_document,
    paragraph,
    row,
    run,
    set_numbering,
    table,
)

SAMPLE = paragraph(run("(ตัวอย่าง ข้อความสมมติ ไม่ผูกพันผู้ใด)", italic=True, size=14), layout=layout(align="center"))
CENTRED = layout(align="center")
INDENTED = layout(align="thaiDistribute", first=1418)


def styles_by_hand() -> Document:
    """Everything is Normal: titles are bold, large and centred by hand, articles are bold lines, blank lines make distance."""
    document = new_document()
    add(
        document,
        SAMPLE,
        paragraph(run("บันทึกความเข้าใจ", bold=True, size=20), layout=CENTRED),
        paragraph(run("ว่าด้วยความร่วมมือดูแลป่าชุมชน", bold=True, size=20), layout=CENTRED),
        paragraph(run("ระหว่าง", bold=True), layout=CENTRED),
        paragraph(run("{{ host.name_th }}", bold=True, size=18), layout=CENTRED),
        paragraph(run("กับ", bold=True), layout=CENTRED),
        paragraph(run("{{ organisation.name_th }}", bold=True, size=18), layout=CENTRED),
        "<w:p/>",
        paragraph(
            "บันทึกความเข้าใจฉบับนี้ทำขึ้น ณ {{ ceremony.place }} เมื่อวันที่ {{ ceremony.date | thai_date }} ระหว่าง",
            run("{{ host.name_th }}", bold=True),
            " โดย {{ host.representative.full_name }} ตำแหน่ง {{ host.representative.position }} ฝ่ายหนึ่ง กับ",
            run("{{ organisation.name_th }}", bold=True),
            " โดย {{ organisation.representative.full_name }} อีกฝ่ายหนึ่ง",
            layout=INDENTED,
        ),
        "<w:p/>",
        paragraph(run("ข้อ ๑ วัตถุประสงค์", bold=True)),
        paragraph("ทั้งสองฝ่ายตกลงร่วมกันดูแลป่าชุมชน โดยเคารพความรู้ของคนในพื้นที่", layout=INDENTED),
        paragraph(run("ข้อ ๒", bold=True), run(" ขอบเขตความร่วมมือ", bold=True)),
        paragraph("๒.๑ สำรวจแนวเขตร่วมกันปีละหนึ่งครั้ง", layout=layout(left=1418)),
        paragraph("๒.๒ แบ่งปันข้อมูลโดยไม่มีค่าใช้จ่าย", layout=layout(left=1418)),
        "<w:p/>",
        paragraph(run("ข้อ ๓ การเลิก", bold=True), layout="<w:keepNext/>"),
        paragraph("ฝ่ายใดจะเลิกต้องแจ้งล่วงหน้า ", run("{{ ceremony.values.notice_days }}", bold=True), " วัน", layout=INDENTED),
        "<w:p/>",
        paragraph("ลงชื่อ....................................................", layout=CENTRED),
        paragraph("({{ organisation.representative.full_name }})", layout=CENTRED),
        paragraph("{{ organisation.representative.position }}", layout=CENTRED),
    )
    return document


def tags_split_over_runs() -> Document:
    """Spelling, language and revision marks cut the tags; a loop stands in paragraphs of its own, another in rows."""
    document = new_document()
    spelling = '<w:proofErr w:type="spellStart"/>'
    ended = '<w:proofErr w:type="spellEnd"/>'
    thai = '<w:rFonts w:hint="cs"/><w:cs/>'
    add(
        document,
        SAMPLE,
        paragraph(run("บันทึกข้อตกลงความร่วมมือ", bold=True, size=20), layout=layout(style="Heading1", align="center")),
        paragraph(
            run("{", bold=True), run("{ organi", bold=True), spelling, run("sation.name", bold=True), ended,
            run("_th", bold=True), run(" }}", bold=True), layout=CENTRED,
        ),
        paragraph(
            run("ทำขึ้น ณ ", more=thai), "{{ ceremony", ".pl", "ace }}", run(" เมื่อ", more=thai), run("วันที่ ", more=thai), "{{ ",
            spelling, "ceremony.date", ended, " | ", spelling, "thai", "_date", ended, "}", "}", layout=INDENTED,
        ),
        paragraph("{% if organisation.", '<w:bookmarkStart w:id="1" w:name="_GoBack"/>', "address %}",
                  '<w:bookmarkEnd w:id="1"/>', run("ที่อยู่ ", more=thai), "{{ organisation.address }}{% end", "if %}"),
        paragraph(run("ข้อ ๑ แนวทางความร่วมมือ", bold=True), layout=layout(style="Heading2")),
        paragraph("{%p for the", spelling, "me", ended, " in ceremony.themes %}"),
        paragraph("- {{ ", "theme", " }}", layout=layout(left=720)),
        paragraph("{%p end", "for %}"),
        paragraph(run("ข้อ ๒ แผนงาน", bold=True), layout=layout(style="Heading2")),
        table(
            row("แผนงาน", "ระยะเวลา", properties="<w:tblHeader/>"),
            row(cell(paragraph("{%tr for plan ", "in ceremony.plans %}")), ""),
            row(cell(paragraph("{{ plan.", "title }}")), cell(paragraph("{{ plan | ", spelling, "months", ended, " }}"))),
            row(cell(paragraph("{%tr endfor", " %}")), ""),
            columns=2,
        ),
        paragraph("ชื่อที่มีเครื่องหมาย: A&B <x> และ “{{ host.name_en }}”"),
        paragraph("ลงชื่อ {{ organisation.", "representative.full_name }}"),
    )  # fmt: skip
    return document


def automatic_numbers() -> Document:
    """Articles that Word counts in Thai numerals, with items and letters; the list goes on after a table, another starts anew."""
    document = new_document()
    articles = (
        level(0, "ข้อ %1", "thaiNumbers", left=700)
        + level(1, "%1.%2", "thaiNumbers", left=1400)
        + level(2, "(%3)", "thaiLetters", left=2100)
    )
    plain = (
        level(0, "%1.", "decimal", left=700, after="<w:rPr><w:b/></w:rPr>")
        + level(1, "%1.%2", "decimal", left=1400)
        + level(2, "%3)", "lowerRoman", left=2100)
    )
    bullets = level(0, "\uf0b7", "bullet", left=700, after='<w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/></w:rPr>')
    set_numbering(
        document,
        f'<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="multilevel"/>{articles}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="2"><w:multiLevelType w:val="multilevel"/>{plain}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="3"><w:multiLevelType w:val="hybridMultilevel"/>{bullets}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="3"/></w:num>'
        '<w:num w:numId="4"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
        "</w:num>",
    )
    add_style(
        document,
        '<w:style w:type="paragraph" w:customStyle="1" w:styleId="Article"><w:name w:val="หัวข้อข้อ"/><w:basedOn w:val="Normal"/>'
        '<w:pPr><w:keepNext/><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr>'
        "<w:rPr><w:b/><w:bCs/></w:rPr></w:style>",
    )
    article = layout(style="Article")

    def item(words: str, *, depth: int = 1, of: int = 1) -> str:
        return paragraph(words, layout=layout(numbered=(of, depth)))

    add(
        document,
        SAMPLE,
        paragraph(run("ธรรมนูญเครือข่ายดูแลลุ่มน้ำ", bold=True, size=20), layout=CENTRED),
        paragraph("ชื่อและที่ตั้ง", layout=article),
        item("เครือข่ายนี้ชื่อว่า {{ host.name_th }}"),
        item("ที่ตั้งอยู่ ณ {{ host.address }}"),
        paragraph("วัตถุประสงค์", layout=article),
        item("ดูแลลุ่มน้ำร่วมกัน โดย"),
        item("เฝ้าระวังคุณภาพน้ำ", depth=2),
        item("ปลูกต้นไม้ริมตลิ่ง", depth=2),
        item("เผยแพร่ความรู้แก่เยาวชน"),
        table(row("พื้นที่", "ผู้ประสานงาน"), row("แม่น้ำปิง", "นางสายฝน ใจงาม"), row("แม่น้ำอิง", "นายต้นกล้า แสงดาว"), columns=2),
        item("จัดประชุมปีละสองครั้ง"),
        paragraph("สมาชิก", layout=article),
        item("สมาชิกได้แก่องค์กรที่ลงนาม", depth=1),
        item("องค์กรตามบัญชีท้าย", depth=2),
        paragraph(run("ภาคผนวก", bold=True), layout=layout(align="center", before="<w:pageBreakBefore/>")),
        item("เอกสารที่ต้องยื่น", depth=0, of=2),
        item("สำเนาหนังสือสำคัญ", of=2),
        item("หนังสือมอบอำนาจ", of=2),
        item("ที่ลงนามแล้ว", depth=2, of=2),
        item("ขั้นตอน", depth=0, of=2),
        paragraph("ขั้นตอนใหม่นับหนึ่งอีกครั้ง"),
        item("ยื่นเอกสาร", depth=0, of=4),
        item("รับหนังสือตอบ", depth=0, of=4),
        item("ข้อสังเกต", depth=0, of=3),
    )
    return document


def nested_tables() -> Document:
    """Tables in tables, cells merged over columns and rows, and signatures laid out in a table without lines."""
    document = new_document()
    inner = table(row("ปี", "จำนวน"), row("๒๕๖๙", "{{ ceremony.values.budget }}"), columns=2)
    middle = table(row(cell("ชั้นใน", table(row("ก", "ข"), columns=2))), columns=1)
    add(
        document,
        SAMPLE,
        paragraph(run("บันทึกข้อตกลงเรื่องงบประมาณ", bold=True, size=20), layout=CENTRED),
        paragraph(run("ข้อ ๑ ผู้รับผิดชอบ", bold=True)),
        table(
            row(cell("ที่", merged="restart"), cell("ผู้รับผิดชอบ", span=2, width=4400), cell("หมายเหตุ", merged="restart"),
                properties="<w:cantSplit/><w:tblHeader/>"),
            row(cell(merged="continue"), "หน่วยงาน", "บุคคล", cell(merged="continue"), properties="<w:tblHeader/>"),
            row("๑", "{{ host.name_th }}", "{{ host.representative.full_name }}", cell("งบประมาณรายปี", inner)),
            row("๒", cell("{{ organisation.name_th }}", span=2, width=4400), cell(middle)),
            columns=4,
        ),
        paragraph(run("ข้อ ๒ ลายมือชื่อ", bold=True)),
        table(
            row(
                cell(paragraph("ลงชื่อ..............................", layout=CENTRED),
                     paragraph("({{ host.representative.full_name }})", layout=CENTRED),
                     paragraph("{{ host.representative.position }}", layout=CENTRED), width=4400),
                cell(paragraph("ลงชื่อ..............................", layout=CENTRED),
                     paragraph("({{ organisation.representative.full_name }})", layout=CENTRED),
                     paragraph("{{ organisation.representative.position }}", layout=CENTRED), width=4400),
            ),
            columns=2,
            width=4400,
            borders=False,
        ),
        paragraph("จบข้อความ"),
    )  # fmt: skip
    return document


def _box(words: str, number: int) -> str:
    """A text box as Word 2010 and later write it: the same text twice, the second time for older programs."""
    inner = f"<w:txbxContent>{paragraph(words)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="2880000" cy="720000"/>'
        f'<wp:docPr id="{number}" name="กล่องข้อความ {number}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2880000" cy="720000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:ln w="6350"/>'
        f"</wps:spPr><wps:txbx>{inner}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
        f'</mc:Choice><mc:Fallback><w:pict><v:shape id="box{number}" style="width:227pt;height:57pt">'
        f"<v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def text_boxes() -> Document:
    """The number and a note stand in text boxes, one of them as an old program writes it."""
    document = new_document()
    old = (
        '<w:r><w:pict><v:shape id="old1" type="#_x0000_t202" style="width:200pt;height:40pt"><v:textbox>'
        f"<w:txbxContent>{paragraph('สำเนาคู่ฉบับ')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    add(
        document,
        SAMPLE,
        paragraph(_box("เลขที่ {{ document.number }}", 1), layout=layout(align="right")),
        paragraph(run("บันทึกความเข้าใจ", bold=True, size=20), layout=CENTRED),
        paragraph("ระหว่าง {{ host.name_th }} กับ {{ organisation.name_th }}", layout=CENTRED),
        paragraph(run("ข้อ ๑ การประสานงาน", bold=True)),
        paragraph("ทั้งสองฝ่ายแต่งตั้งผู้ประสานงานฝ่ายละหนึ่งคน", _box("ข้อสังเกต: ยังไม่ได้แต่งตั้ง", 2), "ภายในสามสิบวัน", layout=INDENTED),
        paragraph(old),
        paragraph("ลงชื่อ {{ organisation.representative.full_name }}", layout=CENTRED),
    )
    return document


def footnotes() -> Document:
    """Two footnotes and an endnote, as a lawyer writes them."""
    document = new_document()

    def note(kind: str, number: int, words: str) -> str:
        mark = f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{kind}Ref/></w:r>'
        return f'<w:{kind} w:id="{number}">{paragraph(mark, " " + words)}</w:{kind}>'

    def notes(kind: str, *written: str) -> str:
        lines = (
            f'<w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>'
            f'<w:{kind} w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:{kind}>'
        )
        return f"<w:{kind}s {NAMESPACES}>{lines}{''.join(written)}</w:{kind}s>"

    def mark(kind: str, number: int) -> str:
        return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{kind}Reference w:id="{number}"/></w:r>'

    add_part(
        document,
        "footnotes",
        notes(
            "footnote",
            note("footnote", 1, "คำว่า “เยาวชน” หมายถึงผู้มีอายุสิบห้าถึงยี่สิบห้าปี"),
            note("footnote", 2, "ที่อยู่สำหรับติดต่อ: {{ organisation.address }}"),
        ),
    )
    add_part(document, "endnotes", notes("endnote", note("endnote", 1, "แก้ไขครั้งล่าสุดในที่ประชุมสมมติ")))
    add(
        document,
        SAMPLE,
        paragraph(run("บันทึกความร่วมมือด้านเยาวชน", bold=True, size=20), layout=CENTRED),
        paragraph(run("ข้อ ๑ นิยาม", bold=True)),
        paragraph(
            "ในบันทึกนี้ เยาวชน",
            mark("footnote", 1),
            " หมายถึงสมาชิกของ {{ organisation.name_th }}",
            mark("footnote", 2),
            layout=INDENTED,
        ),
        paragraph(run("ข้อ ๒ การแก้ไข", bold=True), mark("endnote", 1)),
        paragraph("แก้ไขได้เมื่อทั้งสองฝ่ายเห็นพ้องกันเป็นลายลักษณ์อักษร", layout=INDENTED),
    )
    return document


def typed_numbers_and_blanks() -> Document:
    """Numbers typed by hand and held in place by tabs, dotted blanks to fill in, signature lines made of dots."""
    document = new_document()
    stops = '<w:tabs><w:tab w:val="left" w:pos="1418"/><w:tab w:val="left" w:pos="1985"/></w:tabs>'
    dots = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9000"/></w:tabs>'

    def item(words: str) -> str:
        return paragraph(words, layout=layout(tabs=stops))

    add(
        document,
        SAMPLE,
        paragraph(run("บันทึกข้อตกลง", bold=True, size=20), layout=CENTRED),
        paragraph("เขียนที่........................................", layout=layout(align="right")),
        paragraph("วันที่..........เดือน....................พ.ศ. ..........", layout=layout(align="right")),
        item("\tข้าพเจ้า......................................................ตำแหน่ง......................................"),
        item("ผู้แทน…………………………………………ซึ่งต่อไปเรียกว่า “ผู้ร่วมลงนาม” ตกลงดังนี้"),
        item("\tข้อ 1.\tผู้ร่วมลงนามรับทราบ{{ charter.title }}"),
        item("\t\t1.1 รับหลักการโดยไม่มีข้อสงวน"),
        item("\t\t1.2 แต่งตั้งผู้ประสานงาน ชื่อ__________________________"),
        item("\tข้อ 2.\tผู้ร่วมลงนามจะดำเนินการดังต่อไปนี้"),
        item("\t\t(ก)\tประชุมปีละ ๒ ครั้ง"),
        item("\t\t(ข)\tรายงานผลภายใน 30 วัน"),
        item("\tข้อ 3.\tบันทึกนี้ทำขึ้นสองฉบับ มีข้อความถูกต้องตรงกัน\nแต่ละฝ่ายเก็บไว้ฝ่ายละฉบับ"),
        paragraph("เบอร์โทรศัพท์\t", layout=layout(tabs=dots)),
        "<w:p/>",
        paragraph("ลงชื่อ..................................................ผู้ร่วมลงนาม", layout=CENTRED),
        paragraph("(..................................................)", layout=CENTRED),
        paragraph("ตำแหน่ง..................................................", layout=CENTRED),
        paragraph("ลงชื่อ..................................................พยาน", layout=CENTRED),
        paragraph("(..................................................)", layout=CENTRED),
    )
    return document
