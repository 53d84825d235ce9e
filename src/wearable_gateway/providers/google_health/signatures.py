"""Did the vendor sign this body?

https://developers.google.com/tink/wire-format: base64 of 0x01, the key's id in four bytes, and an ECDSA signature (P-256,
SHA-256, DER) over the raw body. The public keys are a Tink keyset whose keys change every thirty days.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import Field, ValidationError

from wearable_gateway.providers.google_health.document import Document

_HEADERS = ("google-health-api-signature", "x-healthapi-signature")
"""The second is what the vendor called it until the middle of 2026."""
_PREFIX = b"\x01"
_BEFORE_SIGNATURE = 5
_X, _Y = 3, 4
_VARINT, _BYTES = 0, 2


class _KeyData(Document):
    value: str


class _Key(Document):
    key_id: Annotated[int, Field(ge=0, lt=2**32)]
    status: str
    key_data: _KeyData


class _Keyset(Document):
    key: tuple[_Key, ...] = ()


def signature_of(headers: Mapping[str, str]) -> str:
    """As it was sent; empty where there is none."""
    return next((headers[name] for name in _HEADERS if name in headers), "")


def is_forged(headers: Mapping[str, str], body: bytes, keyset: str) -> bool:
    """Whether one of the vendor's known keys is named and did not sign `body`.

    A signature that is missing, or by a key not known here, proves nothing: the keys may have changed since.
    """
    signature = _decoded(signature_of(headers))
    if not signature.startswith(_PREFIX) or len(signature) <= _BEFORE_SIGNATURE:
        return False
    key = _public_key(keyset, int.from_bytes(signature[1:_BEFORE_SIGNATURE], "big"))
    if key is None:
        return False
    try:
        key.verify(signature[_BEFORE_SIGNATURE:], body, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return True
    return False


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _public_key(keyset: str, key_id: int) -> ec.EllipticCurvePublicKey | None:
    """None for a key that is not there, not in use, or not on the curve."""
    try:
        keys = _Keyset.model_validate_json(keyset).key
        found = next((key for key in keys if key.key_id == key_id and key.status == "ENABLED"), None)
        if found is None:
            return None
        point = dict(_fields(base64.b64decode(found.key_data.value)))
        x, y = (int.from_bytes(point[name], "big") for name in (_X, _Y))
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (ValidationError, ValueError, LookupError):
        return None


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields of a protocol buffer that are bytes (https://protobuf.dev/programming-guides/encoding)."""
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        length, place = _varint(message, place)
        if tag & 7 == _BYTES:
            yield tag >> 3, message[place : place + length]
            place += length
        elif tag & 7 != _VARINT:
            raise ValueError("no field of a key")


def _varint(message: bytes, place: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004 - the last byte has no high bit
            return value, place
