"""A draft that came back: what an organisation changed, numbered, and chosen changes put into the text of the document."""
