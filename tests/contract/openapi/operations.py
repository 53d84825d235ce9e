"""The operations of the document, known before anything runs."""

from typing import Any

from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring, new_key
from wearable_gateway.web.app import AppConfig, create_app


def _document() -> dict[str, Any]:
    config = AppConfig(
        database_url="postgresql://nowhere.invalid/none",
        public_url="http://gateway.test",
        keyring=Keyring.parse(new_key("test")),
        hasher=KeyHasher("a secret of more than thirty-two characters"),
        policy=AddressPolicy.allowing_loopback(),
    )
    return create_app(config).openapi()


DOCUMENT = _document()
OPERATIONS = {
    operation["operationId"]: operation for item in DOCUMENT["paths"].values() for operation in item.values()
}
TWINS = [
    name
    for name, operation in OPERATIONS.items()
    if operation["tags"].count("admin") and len(operation["tags"]) > 1
]
"""An operator's way to what developers call as well, or to what the gateway has of its own too: the same function."""
PATHS = {
    operation["operationId"]: (method.upper(), path)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}
"""By operation its method and path."""
