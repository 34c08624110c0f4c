"""A .docx from a stranger -> python-docx's document, or every reason why it is not opened."""
