"""May this worker still write down what becomes of a bucket's deliveries?"""

from collections.abc import Collection
from collections.abc import Set as AbstractSet

from wearable_gateway.db.session import Session

Lease = tuple[int, int]
"""A bucket, and the epoch in which somebody has it."""


async def still_held(session: Session, owner: str, leases: Collection[Lease]) -> AbstractSet[Lease]:
    """Those of `leases` that are `owner`'s; nobody can take them over before this transaction has ended."""
    rows = await session.fetch(
        "SELECT bucket, epoch FROM bucket_leases WHERE owner = $1 AND bucket = ANY ($2) FOR SHARE",
        owner, list({bucket for bucket, _ in leases}),
    )  # fmt: skip
    return {(row["bucket"], row["epoch"]) for row in rows} & set(leases)
