"""The text of an API key: `recado_<company>_<8 characters that name it><32 that prove it><6 of checksum>`, all letters and digits.

It begins like no other secret and ends in a checksum, so that secret scanners find it (`recado_\\d{1,18}_[0-9A-Za-z]{46}`) and mistake
nothing else for it, as GitHub does (https://github.blog/engineering/behind-githubs-new-authentication-token-formats/).
"""

import hashlib
import re
import secrets
import string
import zlib
from dataclasses import dataclass

LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
NAME_LENGTH, PROOF_LENGTH, CHECKSUM_LENGTH = 8, 32, 6
KEY = re.compile(r"(?P<prefix>recado_(?P<company>\d{1,18})_[0-9A-Za-z]{8})(?P<proof>[0-9A-Za-z]{32})(?P<checksum>[0-9A-Za-z]{6})")


@dataclass(frozen=True)
class KeyText:
    """`prefix` may be shown and looked up; `digest` is what is stored instead of the rest."""

    text: str
    prefix: str
    company_id: int

    @property
    def digest(self) -> str:
        """One round of SHA-256 is enough: 190 random bits cannot be guessed, and every request pays for it."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def new_key(company_id: int) -> KeyText:
    prefix = f"recado_{company_id}_{_random(NAME_LENGTH)}"
    body = prefix + _random(PROOF_LENGTH)
    return KeyText(text=body + _checksum(body), prefix=prefix, company_id=company_id)


def read_key(text: str) -> KeyText | None:
    """None for what was never a key of ours: nothing is asked of the database for that."""
    found = KEY.fullmatch(text)
    if found is None or found["checksum"] != _checksum(found["prefix"] + found["proof"]):
        return None
    return KeyText(text=text, prefix=found["prefix"], company_id=int(found["company"]))


def _random(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def _checksum(body: str) -> str:
    number, letters = zlib.crc32(body.encode()), ""
    while number:
        number, rest = divmod(number, len(LETTERS))
        letters = LETTERS[rest] + letters
    return letters.rjust(CHECKSUM_LENGTH, "0")
