"""Word files: a filled document as a draft to edit, and a .docx as values. python-docx is known here."""
