"""What everything is measured on: the bundled example, with as many memoranda as a measurement needs, never one twice.

A renderer may remember what it did for earlier documents. So every document here has an organisation, a representative and a
witness whose names no earlier document had; what is the same is what the template makes the same for everybody.
"""

import string
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from io import BytesIO

import pypdfium2

from mou.ceremony import Ceremony, read_ceremony
from mou.documents import PreparedDocument, prepare_document
from mou.field_values import CharterReference
from mou.filling import fill_template
from mou.models import FilledDocument, Organisation, Person, SignatorySlot
from mou.organisations import read_organisations
from mou.templates import Template, bundled_templates_folder, load_template
from mou.thai import BANGKOK
from mou.workflow.demonstrating import CHARTER, MEMORANDUM, MEMBERS_LIST, NETWORK_NAME
from signatures.authority import Authority, Subject, create_authority, new_private_key
from signatures.digests import digest_of
from signatures.signers import PrivateKey, Signer, signer_from_key
from signatures.trust import TrustAnchors
