"""The proof: signs PDFs, keeps the ledger, verifies the whole claim.

Whoever checks a charter needs this package alone: it knows PDFs, keys, hashes and logs, and no organisation, web page or
database of the workflow. Importing it loads nothing heavy; each public name is loaded when it is first used.
"""

from importlib import import_module

_HOME_OF_NAME = {
    "Digest": "signatures.digests",
    "Evidence": "signatures.bundle",
    "SignaturesError": "signatures.errors",
    "VerificationPolicy": "signatures.verification",
    "VerificationReport": "signatures.verification",
    "verify": "signatures.verification",
}

__all__ = list(_HOME_OF_NAME)


def __getattr__(name: str) -> object:
    if name not in _HOME_OF_NAME:
        raise AttributeError(f"module 'signatures' has no attribute {name!r}")
    return vars(import_module(_HOME_OF_NAME[name]))[name]
