"""Tokens that cannot be forged: one-click unsubscribe, and return paths for bounces.

A token has no date of its own: it works until its key is retired.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass

VERSION = "1"
FIELD = re.compile(r"[a-z0-9_-]{1,40}")  # no dot: it separates the fields


@dataclass(frozen=True)
class Keys:
    """All secrets that still open tokens, by id, and the id of the one that signs."""

    secrets: Mapping[str, bytes]
    current: str


# --8<-- [start:token]
def signature(secret: bytes, purpose: str, body: str) -> str:
    """128 bits in base32, which survives servers that change the case of an address.

    The purpose is signed but not shown: a token for one is noise to every other.
    """
    mac = hmac.digest(secret, f"{purpose}.{body}".encode(), "sha256")[:16]
    return b32encode(mac).decode().lower().rstrip("=")


def seal(keys: Keys, purpose: str, *fields: str) -> str:
    """A token for one purpose that holds these fields, readable and not secret."""
    if not all(FIELD.fullmatch(part) for part in (purpose, *fields)):
        raise ValueError("a field is 1 to 40 of a-z, 0-9, _ and -")
    body = ".".join([VERSION, keys.current, *fields])
    return f"{body}.{signature(keys.secrets[keys.current], purpose, body)}"


def unseal(keys: Keys, purpose: str, token: str) -> list[str] | None:
    """The fields of a token, or None if we did not make it for this purpose."""
    if len(token) > 200 or not token.isascii():
        return None
    body, _, given = token.rpartition(".")
    version, _, rest = body.partition(".")
    key_id, *fields = rest.split(".")
    if version != VERSION or key_id not in keys.secrets:
        return None
    expected = signature(keys.secrets[key_id], purpose, body)
    return fields if hmac.compare_digest(given, expected) else None


# --8<-- [end:token]


# --8<-- [start:unsubscribe]
BUTTON = '<button name="List-Unsubscribe" value="One-Click">Unsubscribe</button>'
PAGE = f'<form method="post">{BUTTON}</form>'


def unsubscribe_headers(
    keys: Keys, url: str, mailing: str, member: str
) -> dict[str, str]:
    """The two headers of RFC 8058; the DKIM signature must cover both."""
    token = seal(keys, "unsubscribe", mailing, member)
    return {
        "List-Unsubscribe": f"<{url}/{token}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def one_click(
    method: str,
    form: Mapping[str, str],
    token: str,
    keys: Keys,
    unsubscribe: Callable[[str, str], None],
) -> tuple[int, str]:
    """Answer a request to the address in the header: status, body. No login needed."""
    opened = unseal(keys, "unsubscribe", token)
    if opened is None:
        return 404, "This link is not valid."
    if method in ("GET", "HEAD"):
        return 200, PAGE  # scanners follow links: looking must change nothing
    if method != "POST" or form.get("List-Unsubscribe") != "One-Click":
        return 400, "Nothing was changed."
    mailing, member = opened
    unsubscribe(mailing, member)  # doing it twice is the same as once
    return 200, "You are unsubscribed."


# --8<-- [end:unsubscribe]


# --8<-- [start:return-path]
LONGEST_LOCAL_PART = 64  # octets, RFC 5321


def return_path(keys: Keys, message_id: str, domain: str) -> str:
    """An envelope sender that names the message, whatever the bounce looks like."""
    local = "b-" + seal(keys, "bounce", message_id.lower())
    if len(local) > LONGEST_LOCAL_PART:
        raise ValueError(f"a local part has at most {LONGEST_LOCAL_PART} octets")
    return f"{local}@{domain}"


def bounced_message(keys: Keys, recipient: str) -> str | None:
    """The message that bounced, or None if we never gave this address out."""
    local = recipient.partition("@")[0]
    if not local.isascii() or not local.lower().startswith("b-"):
        return None
    opened = unseal(keys, "bounce", local.lower()[2:])
    return opened[0] if opened else None


# --8<-- [end:return-path]
