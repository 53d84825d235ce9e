"""What happens when a wearable syncs? A day is measured anew, and the clients that may read it are told."""

from collections.abc import Sequence
from datetime import date

from wearable_gateway.sandbox.authorisations import in_order
from wearable_gateway.sandbox.config import SYNCED_KINDS
from wearable_gateway.sandbox.vendor import Vendor


def sync_day(vendor: Vendor, account_id: str, day: date, kinds: Sequence[str] = SYNCED_KINDS) -> int:
    """How many clients are told."""
    revisions = vendor.state.revisions.setdefault(account_id, {})
    revisions[day.isoformat()] = vendor.state.revision(account_id, day.isoformat()) + 1
    vendor.store.changed()
    return tell_of(vendor, account_id, day, kinds)


def tell_of(vendor: Vendor, account_id: str, day: date, kinds: Sequence[str]) -> int:
    """How many clients are told that a day changed. A client hears only of kinds it may read."""
    told = 0
    for authorisation in vendor.authorisations.of_account(account_id):
        readable = in_order(set(kinds) & set(authorisation.scopes))
        details = {"kinds": readable, "date": day.isoformat()}
        told += bool(readable) and vendor.notices.add(
            "data.updated", account_id=account_id, client_id=authorisation.client_id, details=details
        )
    return told
