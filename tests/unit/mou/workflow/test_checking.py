"""What a document must be before it is certified."""

from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest

from mou.workflow.checking import require_plain
from signatures.errors import SigningError

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum


def test_a_plain_document_may_be_certified(memorandum: "SignedMemorandum") -> None:
    require_plain(memorandum.prepared)


def test_a_document_with_a_layer_that_may_be_switched_is_not_certified(memorandum: "SignedMemorandum") -> None:
    with pikepdf.open(BytesIO(memorandum.blank())) as pdf:
        layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="hidden"))
        pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer]))
        output = BytesIO()
        pdf.save(output)
    with pytest.raises(SigningError, match="could change its meaning after it was signed"):
        require_plain(output.getvalue())
