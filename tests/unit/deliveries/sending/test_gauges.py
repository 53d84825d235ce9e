"""What Prometheus is told of a backlog."""

from datetime import timedelta

from prometheus_client import REGISTRY

from tests.fakes.past import Past
from tests.unit.deliveries.sending.engines import set_destination
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.sending import gauges
from wearable_gateway.deliveries.sending.backlog import Backlog
from wearable_gateway.events.models import BUCKETS
from wearable_gateway.kit.clock import utc_now


def told(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def test_it_tells_what_is_due_and_for_how_long_what_waits_and_who_is_parked(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    events = await past.events(7)
    await past.queued(destination_id, events[:3], "due")
    await past.queued(destination_id, events[3:], "waiting")
    await set_destination(db, destination_id, parkings=2)
    # Those that are due are so in an hour.
    later = utc_now() + timedelta(hours=1, seconds=90)
    await gauges.measure(db.autocommit, range(BUCKETS), Backlog(), now=later)
    assert told("gateway_deliveries", state="due") == 3
    assert told("gateway_deliveries", state="waiting") == 4
    oldest = told("gateway_oldest_due_delivery_seconds")
    assert oldest is not None
    assert 85 < oldest < 95
    assert told("gateway_parked_destinations") == 1
    await gauges.measure(db.autocommit, [BUCKETS + 1], Backlog(), now=later)
    assert (told("gateway_deliveries", state="due"), told("gateway_oldest_due_delivery_seconds")) == (0, 0)
