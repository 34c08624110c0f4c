"""The network's own keys: its authority, its seal and the key of its ledger, in the workspace's `keys/`.

Keys of persons never lie here. Private keys are PEM files that only their owner may read (0600).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from mou.errors import WorkspaceError
from mou.storage.files import replace_file
from signatures.authority import Authority, Subject, create_authority, new_private_key, open_authority, private_key_to_pem
from signatures.ledger.checkpoint import LedgerKey, LedgerPublicKey
from signatures.signers import Signer, open_pem

AUTHORITY_LIFETIME = timedelta(days=3653)
SEAL_LIFETIME = timedelta(days=1096)
REVOCATION_LIST_LIFETIME = timedelta(days=180)
PRIVATE_FILE_MODE = 0o600
