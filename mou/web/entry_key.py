"""The key of the desk's door: printed where the program was started, good for one entry."""

import hashlib
import hmac
import secrets
from threading import Lock


class EntryKey:
    """One key for each start of the program: an HMAC of a random value of this start; it opens once."""

    def __init__(self, secret: bytes) -> None:
        """Derive the key of this start; nothing of it is stored."""
        self.text = hmac.new(secret, b"entry:" + secrets.token_bytes(32), hashlib.sha256).hexdigest()
        self._lock = Lock()
        self._is_used = False

    def fits(self, key: str) -> bool:
        """Whether this is the key and nobody came in with it yet; looking does not use it up."""
        return hmac.compare_digest(key.encode(), self.text.encode()) and not self._is_used

    def use(self, key: str) -> bool:
        """Whether this is the key, the first time that it is used."""
        with self._lock:
            if not self.fits(key):
                return False
            self._is_used = True
            return True
