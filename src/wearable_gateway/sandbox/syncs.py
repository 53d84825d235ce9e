"""What happens when a wearable syncs? A day is measured anew, and the clients that may read it are told."""

from collections.abc import Sequence
from datetime import date

from wearable_gateway.sandbox.authorisations import in_order
from wearable_gateway.sandbox.config import SCOPES
from wearable_gateway.sandbox.vendor import Vendor


def sync_day(vendor: Vendor, account_id: str, day: date, kinds: Sequence[str] = SCOPES) -> int:
    """How many clients are told. A client hears only of kinds it may read."""
    revisions = vendor.state.revisions.setdefault(account_id, {})
    revisions[day.isoformat()] = vendor.state.revision(account_id, day.isoformat()) + 1
    vendor.store.changed()
    told = 0
    for authorisation in vendor.authorisations.of_account(account_id):
        readable = in_order(set(kinds) & set(authorisation.scopes))
        details = {"kinds": readable, "date": day.isoformat()}
        told += bool(readable) and vendor.notices.add(
            "data.updated", account_id=account_id, client_id=authorisation.client_id, details=details
        )
    return told
