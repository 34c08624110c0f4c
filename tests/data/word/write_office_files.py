"""Write the .docx files of this folder: what an office in Thailand has, with everything that makes such files hard to read.

`python -m tests.data.word.write_office_files` writes 01 to 09; with `--office` also 10, which LibreOffice has to save.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from docx.document import Document

from tests.data.word import office_files, reviewed_files
from tests.data.word.office_markup import packed, with_fixed_times
from tests.office import WORD_FORMAT, converted

FOLDER: Final = Path(__file__).parent
DOCUMENTS: Final[Mapping[str, Callable[[], Document]]] = {
    "01-styles-by-hand": office_files.styles_by_hand,
    "02-tags-split-over-runs": office_files.tags_split_over_runs,
    "03-automatic-numbers": office_files.automatic_numbers,
    "04-nested-tables": office_files.nested_tables,
    "05-text-boxes": office_files.text_boxes,
    "06-footnotes": office_files.footnotes,
    "07-typed-numbers-and-blanks": office_files.typed_numbers_and_blanks,
    "08-tracked-changes": reviewed_files.tracked_changes,
    "09-margins-contents-pictures": reviewed_files.margins_contents_pictures,
}
SAVED_BY_LIBREOFFICE: Final = "10-saved-by-libreoffice"


def main() -> None:
    for name, document in DOCUMENTS.items():
        (FOLDER / f"{name}.docx").write_bytes(packed(document()))
    if "--office" in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder) / f"{SAVED_BY_LIBREOFFICE}.docx"
            written.write_bytes(packed(reviewed_files.for_libreoffice()))
            saved = converted(written, WORD_FORMAT, Path(folder) / "saved")
            (FOLDER / written.name).write_bytes(with_fixed_times(saved.read_bytes()))


if __name__ == "__main__":
    main()
