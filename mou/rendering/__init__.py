"""From a filled document to the PDF of record, and the look of a signature; WeasyPrint is imported nowhere else."""
