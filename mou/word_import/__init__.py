"""A Word file -> a document's page, and a template's folder."""
