"""A .docx -> values: blocks with their places and looks, and everything that is no text of the page."""
