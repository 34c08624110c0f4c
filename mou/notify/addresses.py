"""Mail addresses: whether a text is one, how it travels, and how much of it a log or an error may show. Pure."""

import re
from typing import Final

MASK: Final = "•••"

_LONGEST_ADDRESS: Final = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
_LONGEST_LOCAL_PART: Final = 64  # RFC 5321, 4.5.3.1.1
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
_ADDRESS_IN_TEXT: Final = re.compile(r"""[^\s<>()\[\],;:"@]+@[^\s<>()\[\],;:"@]+""")


def is_address(text: str) -> bool:
    """Whether the text is one mail address, and nothing beside it, that every mail server understands.

    The domain may be of any script, office@ตัวอย่าง.ไทย; what stands before the @ is ASCII, since few servers carry more.
    Quoted local parts, numbers as a domain and domains without a dot are no addresses of a signatory.
    """
    local, at, domain = text.rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL_PART or not _LOCAL_PART.fullmatch(local):
        return False
    ascii_form = ascii_domain(domain)
    return ascii_form is not None and len(local) + 1 + len(ascii_form) <= _LONGEST_ADDRESS


def ascii_address(address: str) -> str:
    """The address as it travels, its domain in letters that every server knows: kamon@xn--... .

    Raises:
        ValueError: it is no address; ask `is_address` first.
    """
    local, _, domain = address.rpartition("@")
    ascii_form = ascii_domain(domain)
    if ascii_form is None or not is_address(address):
        raise ValueError("one mail address is expected; ask is_address before")
    return f"{local}@{ascii_form}"


def ascii_domain(domain: str) -> str | None:
    """The domain in ASCII (RFC 3490), or None where it is none."""
    if domain.isascii():
        return domain if _DOMAIN.fullmatch(domain) else None
    try:
        ascii_form = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return ascii_form if _DOMAIN.fullmatch(ascii_form) else None


def mask_address(address: str) -> str:
    """The address as an error or a page may show it: its first letter and its domain, k•••@example.org."""
    local, at, domain = address.rpartition("@")
    return f"{local[0]}{MASK}@{domain}" if at and local else MASK


def mask_addresses_in(text: str) -> str:
    """The text with every mail address in it masked: servers repeat an address when they refuse it."""
    return _ADDRESS_IN_TEXT.sub(lambda found: mask_address(found[0]), text)
