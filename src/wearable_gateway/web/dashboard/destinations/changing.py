"""Who changes a destination from its pages, and the secret that a change may bring."""

from fastapi import Response

from wearable_gateway.deliveries.destination_changes import Change
from wearable_gateway.web.dashboard import shown_once
from wearable_gateway.web.dashboard.deps import Workplace
from wearable_gateway.web.deps import Services


def change_of(svc: Services, here: Workplace) -> Change:
    return Change(svc.db, here.dev_id, here.actor, svc.clock())


def keep_secret(answer: Response, svc: Services, here: Workplace, path: str, secret: str) -> None:
    """For the next page alone."""
    secure = svc.public_url.lower().startswith("https:")
    shown_once.keep_for_next_page(answer, svc.keyring, here.session, path, secret, secure=secure)
