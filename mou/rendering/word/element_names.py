"""The names of elements and attributes of a Word file, as lxml writes them (ISO/IEC 29500-1 and Microsoft's additions)."""

from typing import Any, Final, TypeAlias

Element: TypeAlias = Any  # lxml has no types

WORDS: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
STRICT: Final = "http://purl.oclc.org/ooxml/"
W: Final = f"{{{WORDS}}}"
R: Final = f"{{{RELATIONS}}}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
V: Final = "{urn:schemas-microsoft-com:vml}"
OFFICE: Final = "{urn:schemas-microsoft-com:office:office}"
WPS: Final = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PIC: Final = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
WP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
CUSTOM: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
