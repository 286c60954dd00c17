"""Ids in the shapes that Meta gives them."""

import itertools
import os
from base64 import b64encode, urlsafe_b64encode

_numbers = itertools.count(1)


def fresh_wamid() -> str:
    return "wamid.HBgN" + b64encode(os.urandom(27)).decode()


def fresh_trace() -> str:
    return "A" + urlsafe_b64encode(os.urandom(16)).decode().rstrip("=")


def fresh_id() -> str:
    """A numeric id, as templates and files have them."""
    return f"{1_000_000_000_000_000 + next(_numbers) * 7919}"


def fresh_token() -> str:
    return "EAAG" + urlsafe_b64encode(os.urandom(30)).decode().rstrip("=")
