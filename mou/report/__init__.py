"""The report on a verification: one page in Thai and English, as HTML or PDF, for somebody who files it."""
