"""Lists of organisations: read as they stand, doubted aloud, never corrected.

A list goes through `text_table` or `workbook` (a file's bytes to a `Table` of text), `columns` and `labels` (what a header or a
word means), `rows` (a table to organisations, or all that is wrong at once) and `discrepancies` with `places`, `characters` and
`doubles` (what looks wrong), and comes out of `reading` as an `OrganisationList`. Only `reading` and the gazetteer open files.
"""

from mou.organisations.listed import OrganisationList, OrganisationRow, with_ids
from mou.organisations.reading import read_organisations

__all__ = ["OrganisationList", "OrganisationRow", "read_organisations", "with_ids"]
