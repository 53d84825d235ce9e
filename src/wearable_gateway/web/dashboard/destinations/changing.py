"""Who changes a destination from its pages."""

from wearable_gateway.deliveries.destination_changes import Change
from wearable_gateway.web.dashboard.deps import Workplace
from wearable_gateway.web.deps import Services


def change_of(svc: Services, here: Workplace) -> Change:
    return Change(svc.db, here.dev_id, here.actor, svc.clock())
