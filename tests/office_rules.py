"""What Microsoft's Open XML SDK would say of a file, before Word or Excel says it to somebody: a referee of others' making."""

from pathlib import Path

from openxml_audit import FileFormat, OpenXmlValidator


def findings_in(file: Path) -> list[str]:
    """Return each fault of a .docx or .xlsx with its part, by the schemas and rules of today's Word and Excel."""
    validator = OpenXmlValidator(FileFormat.MICROSOFT_365, max_errors=0)
    return [str(found) for found in validator.validate(file).errors]
