"""Flows that a dying process left behind are finished one by one."""

from datetime import timedelta

from tests.fakes.gateway import running_gateway
from wearable_gateway.connect.callback import Callback
from wearable_gateway.connect.recovery import resume_interrupted
from wearable_gateway.connections.access import Vendors
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.encryption import Keyring


async def test_a_flow_whose_key_is_missing_does_not_keep_the_others_waiting(
    database_url: str, keyring: Keyring, hasher: KeyHasher
) -> None:
    async with running_gateway(database_url, keyring, hasher, worker=False) as gateway:
        company = await gateway.company("acme")
        for reference_id, state, tokens in (
            ("sealed", "exchanged", b"gone:0123456789ab"),
            ("other", "exchanging", None),
        ):
            begun = await company.auth_url(reference_id=reference_id)
            await gateway.db.autocommit.execute(
                "UPDATE flows SET state = $2, pending_tokens = $3, claimed_at = created_at - $4::interval"
                " WHERE user_id = $1::text::uuid",
                begun["user_id"], state, tokens, timedelta(hours=1),
            )  # fmt: skip
        vendors = Vendors(gateway.db, keyring)
        assert await resume_interrupted(gateway.db, vendors, Callback(gateway.db, vendors, gateway.url)) == 2
        rows = await gateway.db.autocommit.fetch("SELECT reference_id, state FROM flows")
        assert {row["reference_id"]: row["state"] for row in rows} == {
            "sealed": "exchanged",
            "other": "failed",
        }
