"""All commands at a glance, as plain text: what `mou --help` prints without loading anything."""

# name: (module that holds the command, and its name there unless that is `command`; its line in English, its line in Thai)
COMMANDS = {
    "demo": ("mou.cli.demo", "the whole way on the bundled example", "ทดลองทั้งกระบวนการกับตัวอย่างที่แถมมา"),
    "init": ("mou.cli.init", "a new workspace", "สร้างพื้นที่ทำงานใหม่"),
    "doctor": ("mou.cli.doctor", "what works here and what does not", "ตรวจว่าเครื่องนี้พร้อมทำอะไรบ้าง"),
    "organisations": ("mou.cli.organisations", "import and list organisations", "นำเข้าและแสดงรายชื่อองค์กร"),
    "template": ("mou.cli.template", "list, show and check templates", "แสดงและตรวจแม่แบบ"),
    "generate": ("mou.cli.generate", "one document per organisation", "สร้างเอกสารให้แต่ละองค์กร"),
    "document": ("mou.cli.document", "a draft came back: see and accept changes", "ร่างที่ส่งกลับมา: ดูและรับการแก้ไข"),
    "request": ("mou.cli.request", "ask for signatures: send, remind, withdraw", "ขอให้ลงนาม: ส่งคำขอ เตือน ยกเลิก"),
    "consent": ("mou.cli.consent", "what minors and guardians agree to", "บันทึกความยินยอมของผู้เยาว์และผู้ปกครอง"),
    "sign": ("mou.cli.sign", "sign with a key file, a token or a service", "ลงลายมือชื่อด้วยแฟ้มกุญแจ โทเคน หรือบริการ"),
    "return": ("mou.cli.return_file", "take back a PDF signed elsewhere", "รับ PDF ที่ลงนามจากที่อื่นกลับเข้ามา"),
    "number": ("mou.cli.number", "a register's number into a signed document", "ใส่เลขที่ทะเบียนในเอกสารที่ลงนามครบแล้ว"),
    "charter": ("mou.cli.charter", "adopt a charter, and ask where it stands", "รับรองธรรมนูญ และดูสถานะ ณ วันใดก็ได้"),
    "instrument": ("mou.cli.instrument", "receive authorities, notices, objections", "รับเอกสารมอบอำนาจ หนังสือแจ้ง ข้อสงวน คำคัดค้าน"),
    "approve": ("mou.cli.instrument:approve", "an organisation confirms its signature", "องค์กรยืนยันการลงนามด้วยมติ"),
    "accede": ("mou.cli.instrument:accede", "an organisation joins later", "องค์กรเข้าร่วมภายหลัง"),
    "withdraw": ("mou.cli.instrument:withdraw", "an organisation gives notice", "องค์กรแจ้งถอนตัว"),
    "notice": ("mou.cli.notice", "tell all parties; check a notice you hold", "แจ้งทุกภาคี และตรวจหนังสือแจ้งที่ท่านถืออยู่"),
    "extend": ("mou.cli.extend", "keep signed PDFs verifiable for decades", "ทำให้ PDF ที่ลงนามแล้วตรวจสอบได้อีกหลายสิบปี"),
    "print": ("mou.cli.print", "a copy for paper, marked as one", "ทำสำเนาสำหรับพิมพ์ลงกระดาษ"),
    "status": ("mou.cli.status", "who has signed, and what is missing", "ใครลงนามแล้ว และยังขาดใคร"),
    "verify": ("mou.cli.verify", "verify signed PDFs, offline", "ตรวจสอบ PDF ที่ลงนามแล้ว แบบออฟไลน์"),
    "serve": ("mou.cli.serve", "the web pages: signing, verifying, the desk", "หน้าเว็บ: ลงนาม ตรวจสอบ และโต๊ะทำงานกองเลขานุการ"),
    "ledger": ("mou.cli.ledger", "show, prove, audit and export the ledger", "แสดง พิสูจน์ ตรวจสอบ และส่งออกบัญชีการลงนาม"),
}

_FRAME = {
    "en": (
        "Usage: mou [OPTIONS] COMMAND [ARGS]...",
        "Charters and memoranda of understanding: filled, signed, recorded, verified.",
        "Commands",
        "Options",
        (
            ("--lang th|en", "language of messages (default: MOU_LANG, else the locale)"),
            ("--version", "the version of the program"),
            ("-h, --help", "this page; mou COMMAND --help tells about one command"),
        ),
        "Exit codes: 0 done or passed, 1 failed, 2 wrong usage, 3 cannot be known.",
    ),
    "th": (
        "วิธีใช้: mou [ตัวเลือก] คำสั่ง [ค่า]...",
        "ธรรมนูญและบันทึกความเข้าใจ: กรอก ลงนาม บันทึก ตรวจสอบ",
        "คำสั่ง",
        "ตัวเลือก",
        (
            ("--lang th|en", "ภาษาของข้อความ (ถ้าไม่ระบุ: MOU_LANG หรือภาษาของเครื่อง)"),
            ("--version", "รุ่นของโปรแกรม"),
            ("-h, --help", "หน้านี้ ส่วน mou คำสั่ง --help อธิบายทีละคำสั่ง"),
        ),
        "รหัสสิ้นสุด: 0 สำเร็จหรือผ่าน, 1 ไม่ผ่าน, 2 ใช้ผิดวิธี, 3 ยังบอกไม่ได้",
    ),
}


def overview(language: str) -> str:
    """Return the help page of the program in this language."""
    usage, summary, commands, options, option_rows, exit_codes = _FRAME[language]
    column = 1 if language == "en" else 2
    rows = [*((name, lines[column]) for name, lines in COMMANDS.items())]
    return "\n".join(
        [
            usage,
            "",
            f"  {summary}",
            "",
            f"{commands}:",
            *(f"  {name:<14} {line}" for name, line in rows),
            "",
            f"{options}:",
            *(f"  {name:<14} {line}" for name, line in option_rows),
            "",
            exit_codes,
        ]
    )
