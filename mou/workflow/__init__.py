"""The use cases: each module is one thing that the secretariat, a signatory or an operator does."""
