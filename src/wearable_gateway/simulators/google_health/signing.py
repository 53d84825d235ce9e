"""The vendor's keys: one that signs notices, in Tink's formats, and one of a service account's.

https://developers.google.com/tink/wire-format
"""

import base64
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

PROJECT = "simulated-project"
_EMAIL = f"gateway@{PROJECT}.iam.gserviceaccount.com"
_TYPE = "type.googleapis.com/google.crypto.tink.EcdsaPublicKey"
_PARAMS = b"\x12\x06\x08\x03\x10\x02\x18\x02"


class NoticeKey:
    """Signs notices; its public half is published as a keyset."""

    def __init__(self, key_id: int = 1_083_906_037) -> None:
        self._id = key_id
        self._key = ec.generate_private_key(ec.SECP256R1())

    def sign(self, body: bytes) -> str:
        prefix = b"\x01" + self._id.to_bytes(4, "big")
        return base64.b64encode(prefix + self._key.sign(body, ec.ECDSA(SHA256()))).decode()

    def keyset(self) -> dict[str, Any]:
        numbers = self._key.public_key().public_numbers()
        point = b"".join(
            bytes([tag, 33]) + number.to_bytes(33, "big")
            for tag, number in ((0x1A, numbers.x), (0x22, numbers.y))
        )
        data = {
            "typeUrl": _TYPE,
            "value": base64.b64encode(_PARAMS + point).decode(),
            "keyMaterialType": "ASYMMETRIC_PUBLIC",
        }
        key = {"keyData": data, "status": "ENABLED", "keyId": self._id, "outputPrefixType": "TINK"}
        return {"primaryKeyId": self._id, "key": [key]}


class Credentials(Mapping[str, str]):
    """The service account's key file, made when it is first looked at: it takes a moment."""

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(65537, 2048)

    def __getitem__(self, name: str) -> str:
        if name != "service_account":
            raise KeyError(name)
        pem = self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        account = {
            "type": "service_account",
            "project_id": PROJECT,
            "client_email": _EMAIL,
            "private_key": pem.decode(),
        }
        return json.dumps(account)

    def __iter__(self) -> Iterator[str]:
        return iter(("service_account",))

    def __len__(self) -> int:
        return 1

    def signed(self, assertion: str) -> Mapping[str, Any] | None:
        """The claims of an assertion that this account signed (RFC 7523); None for another's."""
        try:
            signed, _, signature = assertion.rpartition(".")
            self._key.public_key().verify(_decoded(signature), signed.encode(), padding.PKCS1v15(), SHA256())
            claims: Any = json.loads(_decoded(signed.partition(".")[2]))
        except (InvalidSignature, ValueError):
            return None
        return claims if isinstance(claims, dict) and claims.get("iss") == _EMAIL else None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
