"""Secrets at rest: AES-GCM, the key's id in front, the row's identity authenticated with it."""

import base64
import binascii
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wearable_gateway.errors import SettingsError

_KEY_BYTES = 32
_NONCE_BYTES = 12


class Keyring:
    """Encrypts with the newest key, decrypts with any it holds."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """`keys` maps a key's id (1 to 16 ASCII letters and digits) to 32 bytes; the first is used to encrypt."""
        self._keys = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.current = next(iter(keys))

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Read `id:base64[,id:base64…]`, newest first. Raises SettingsError."""
        keys: dict[str, bytes] = {}
        for entry in filter(None, (part.strip() for part in text.split(","))):
            key_id, _, encoded = entry.partition(":")
            try:
                key = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
            except (binascii.Error, ValueError) as error:
                raise SettingsError("an encryption key is not base64") from error
            if not key_id.isalnum() or len(key) != _KEY_BYTES:
                raise SettingsError("each encryption key is written id:base64 of 32 random bytes")
            keys[key_id] = key
        if not keys:
            raise SettingsError("no encryption key is set; make one with `wearable-gateway secrets`")
        return cls(keys)

    def encrypt(self, plain: bytes, *, identity: str) -> bytes:
        """Bound to `identity` (table, row, column): moved to another row, the text no longer opens."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._keys[self.current].encrypt(nonce, plain, identity.encode())
        return self.current.encode() + b":" + nonce + sealed

    def decrypt(self, sealed: bytes, *, identity: str) -> bytes:
        """Raises SettingsError when the key is not in the ring or the text was moved or changed."""
        key_id, _, rest = sealed.partition(b":")
        key = self._keys.get(key_id.decode("ascii", "replace"))
        if key is None:
            raise SettingsError(f"a stored secret needs encryption key {key_id[:16]!r}, which is not set")
        try:
            return key.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], identity.encode())
        except InvalidTag as error:
            raise SettingsError(
                "a stored secret does not open with the encryption key that is set"
            ) from error


def new_key(key_id: str) -> str:
    """A fresh key in the form `Keyring.parse` reads."""
    return f"{key_id}:{base64.urlsafe_b64encode(os.urandom(_KEY_BYTES)).decode().rstrip('=')}"
