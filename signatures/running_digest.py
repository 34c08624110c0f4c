"""Byte ranges of signatures -> digests, with the bytes that they share read once.

Every signature covers the file from its first byte, but for its own value: the ranges of one file grow. So one hash runs over
the file and is copied where a signature's gap begins; what follows the gap is its own revision.
"""

import hashlib
from dataclasses import dataclass, field

from signatures.errors import PdfUnreadableError

HASHED_FILES_AT_MOST = 20
"""Bytes read in all, as a multiple of the file's own: ranges that overlap as honest ones never do."""


@dataclass(slots=True)
class RunningDigest:
    """The hashes that run over one file, one for each algorithm."""

    pdf: bytes
    hashed: int = 0
    _running: dict[str, tuple["hashlib._Hash", int]] = field(default_factory=dict)

    def of(self, algorithm: str, gap_begin: int, gap_end: int, end: int) -> bytes:
        """Return the digest of the bytes before the gap and of those from `gap_end` up to `end`.

        Cheapest when asked in the order of `gap_begin`.

        Raises:
            ValueError: the algorithm is not known here.
            PdfUnreadableError: the ranges of this file overlap so much that reading them all would take too long.
        """
        hashed, at = self._running.get(algorithm) or (hashlib.new(algorithm), 0)
        if gap_begin < at:
            hashed, at = hashlib.new(algorithm), 0
        self._count(gap_begin - at + max(0, end - gap_end))
        view = memoryview(self.pdf)
        hashed.update(view[at:gap_begin])
        self._running[algorithm] = (hashed, gap_begin)
        whole = hashed.copy()
        whole.update(view[gap_end:end])
        return whole.digest()

    def _count(self, more: int) -> None:
        self.hashed += more
        limit = HASHED_FILES_AT_MOST * len(self.pdf)
        if self.hashed > limit:
            raise PdfUnreadableError("ranges of together at most {limit} bytes are read, got more", limit=limit)
