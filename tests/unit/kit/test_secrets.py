"""Encryption, signatures and ids."""

import time

import pytest
from standardwebhooks import Webhook
from terra.utils.verify_signature import verify_terra_webhook_signature

from wearable_gateway.errors import SettingsError
from wearable_gateway.kit.encryption import Keyring, new_key
from wearable_gateway.kit.ids import derived_uuid, uuid7
from wearable_gateway.kit.signatures import (
    new_signing_secret,
    standard_signature,
    terra_signature,
    verify_timed_signature,
)

BODY = '{"type":"auth","name":"Zoë"}'.encode()


def test_what_is_encrypted_opens_again_and_shows_nothing() -> None:
    ring = Keyring.parse(new_key("k1"))
    sealed = ring.encrypt(b"token", identity="grants/1/tokens")
    assert b"token" not in sealed
    assert ring.decrypt(sealed, identity="grants/1/tokens") == b"token"


def test_a_text_moved_to_another_row_does_not_open() -> None:
    ring = Keyring.parse(new_key("k1"))
    sealed = ring.encrypt(b"token", identity="grants/1/tokens")
    with pytest.raises(SettingsError):
        ring.decrypt(sealed, identity="grants/2/tokens")


def test_a_new_key_in_front_leaves_the_old_texts_readable() -> None:
    old, new = new_key("k1"), new_key("k2")
    sealed = Keyring.parse(old).encrypt(b"token", identity="x")
    ring = Keyring.parse(f"{new},{old}")
    assert ring.decrypt(sealed, identity="x") == b"token"
    assert ring.encrypt(b"token", identity="x").startswith(b"k2:")
    with pytest.raises(SettingsError, match="not set"):
        Keyring.parse(new).decrypt(sealed, identity="x")


@pytest.mark.parametrize("text", ["", "k1", "k1:short", "k1:!!!", "k-1:" + "A" * 43, ",,"])
def test_a_malformed_key_is_refused_in_words(text: str) -> None:
    with pytest.raises(SettingsError):
        Keyring.parse(text)


def test_signatures_satisfy_terras_and_standard_webhooks_own_verifiers() -> None:
    both, now = [new_signing_secret(), new_signing_secret()], int(time.time())
    for secrets in (both, both[:1]):
        headers = {
            "webhook-id": "evt_1",
            "webhook-timestamp": str(now),
            "webhook-signature": standard_signature(secrets, "evt_1", BODY, now),
        }
        for secret in secrets:
            verify_terra_webhook_signature(BODY.decode(), terra_signature(secrets, BODY, now), secret)
            Webhook(secret).verify(BODY, headers)


@pytest.mark.parametrize(
    ("header", "good"),
    [
        ("{good}", True),
        ("v0=ff,{good}", True),
        ("{good},v1=ff", True),
        ("", False),
        ("t=,v1=", False),
        ("t=x,v1=ff", False),
        ("t=\u0663,v1=ff", False),
        ("v1={hex}", False),
        ("t=1,v1={hex}", False),
        ("t={t},v1=é", False),
    ],
)
def test_a_signature_is_accepted_only_whole_and_fresh(header: str, good: bool) -> None:
    now = int(time.time())
    signed = terra_signature(["secret"], BODY, now)
    text = header.format(good=signed, hex=signed.partition("v1=")[2], t=now)
    assert verify_timed_signature(text, "secret", BODY, now) is good
    assert not verify_timed_signature(text, "secret", BODY, now + 301)


def test_ids_sort_by_time_and_never_repeat() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {one.version for one in made} == {7}


def test_derived_ids_are_the_same_for_the_same_parts_alone() -> None:
    assert derived_uuid("a", "b") == derived_uuid("a", "b")
    assert derived_uuid("a", "b") != derived_uuid("ab", "")
