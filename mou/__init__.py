"""The workflow: from a template and a list of organisations to documents that every party has signed."""

__version__ = "0.1.0"
