import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.unit.deliveries.sending.made_up import a_delivery, a_message, a_target
from wearable_gateway.deliveries.health import HEALTHY, Health
from wearable_gateway.deliveries.models import Delivery, DestinationState
from wearable_gateway.deliveries.sending.backlog import Backlog

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def fill(backlog: Backlog, destination: UUID, count: int, dev_id: str = "acme") -> list[Delivery]:
    rows = [row for _ in range(count) if backlog.take(row := a_delivery(destination, dev_id))]
    for row in rows:
        backlog.add(a_message(row))
    return rows


def send_all(backlog: Backlog) -> list[Delivery]:
    sent = []
    while one := backlog.next_to_send():
        sent.append(one.delivery)
    return sent


def land(backlog: Backlog, sent: list[Delivery], *, ok: bool = True, is_slow: bool = False) -> None:
    for delivery in sent:
        backlog.landed(delivery, ok=ok, is_slow=is_slow)
        backlog.settle(delivery)


def test_a_destination_starts_with_two_in_flight_and_earns_more_with_each_success() -> None:
    backlog, destination = Backlog(), uuid4()
    backlog.accept(a_target(destination, concurrency=5))
    sizes = []
    for _ in range(4):
        fill(backlog, destination, 30)
        sent = send_all(backlog)
        sizes.append(len(sent))
        land(backlog, sent)
    assert sizes == [2, 4, 5, 5]


def test_a_destination_that_fails_is_sent_one_at_a_time() -> None:
    backlog, destination = Backlog(), uuid4()
    fill(backlog, destination, 30)
    land(backlog, send_all(backlog), ok=False)
    assert len(send_all(backlog)) == 1


def test_destinations_take_turns() -> None:
    backlog, first, second = Backlog(in_flight=4), uuid4(), uuid4()
    fill(backlog, first, 10)
    fill(backlog, second, 10)
    assert [one.destination_id for one in send_all(backlog)] == [first, second, first, second]


def test_a_developer_with_many_destinations_gets_no_more_turns_than_one_with_few() -> None:
    backlog, few = Backlog(in_flight=8), uuid4()
    for _ in range(19):
        fill(backlog, uuid4(), 10, "greedy")
    fill(backlog, few, 10, "modest")
    turns = [one.dev_id for one in send_all(backlog)]
    assert turns[:4] == ["greedy", "modest", "greedy", "modest"]


def test_a_destination_with_much_to_send_leaves_room_for_others() -> None:
    backlog, busy = Backlog(held=256), uuid4()
    assert len(fill(backlog, busy, 1000)) == 8, "nobody knows yet whether it answers"
    land(backlog, send_all(backlog))
    assert len(fill(backlog, busy, 1000)) == 4 * 32 - 6
    assert [line.destination_id for line in backlog.full()] == [busy]
    assert len(fill(backlog, uuid4(), 10)) == 8


def test_memory_is_bounded_by_the_size_of_what_is_held_too() -> None:
    backlog = Backlog()
    backlog.take(row := a_delivery(uuid4()))
    backlog.add(a_message(row, bytes(64 * 1024 * 1024)))
    assert backlog.room == 0
    assert not backlog.take(a_delivery(uuid4()))
    send_all(backlog)
    assert backlog.room == 2047


def test_a_bucket_is_busy_until_what_was_sent_from_it_is_recorded() -> None:
    backlog, destination = Backlog(), uuid4()
    (delivery,) = fill(backlog, destination, 1)
    assert backlog.busy_buckets() == set()
    send_all(backlog)
    backlog.landed(delivery, ok=True, is_slow=False)
    assert backlog.busy_buckets() == {1}
    backlog.settle(delivery)
    assert backlog.busy_buckets() == set()
    assert backlog.room == Backlog().room


def test_destinations_that_hang_leave_the_slots_of_the_others_alone() -> None:
    backlog = Backlog(in_flight=8, slow=2)
    hanging = [uuid4() for _ in range(10)]
    for destination in hanging:
        fill(backlog, destination, 10)
    land(backlog, send_all(backlog), ok=False, is_slow=True)
    land(backlog, send_all(backlog), ok=False, is_slow=True)
    for destination in hanging:
        fill(backlog, destination, 10)
    assert len(send_all(backlog)) == 2, "all have shown that they hang, and share the slow slots"
    fill(backlog, quick := uuid4(), 10)
    assert [one.destination_id for one in send_all(backlog)] == [quick, quick]


def test_destinations_that_hang_leave_most_of_the_memory_to_the_others() -> None:
    backlog = Backlog(held=100, in_flight=1000)
    hanging = [uuid4() for _ in range(30)]
    for destination in hanging:
        fill(backlog, destination, 2)
    land(backlog, send_all(backlog), ok=True, is_slow=True)
    assert sum(len(fill(backlog, destination, 10)) for destination in hanging) == 25
    assert sum(len(fill(backlog, uuid4(), 1000)) for _ in range(20)) == 75


def test_a_destination_that_answers_soon_again_is_among_the_quick_ones_again() -> None:
    backlog, destination = Backlog(in_flight=8, slow=1), uuid4()
    fill(backlog, destination, 30)
    land(backlog, send_all(backlog), ok=True, is_slow=True)
    fill(backlog, destination, 30)
    sent = send_all(backlog)
    assert len(sent) == 1
    land(backlog, sent)
    assert len(send_all(backlog)) == 5


@pytest.mark.parametrize(
    "changes",
    [
        {"state": DestinationState.PAUSED},
        {"state": DestinationState.DISABLED},
        {"health": Health(5, NOW, 1, NOW + timedelta(seconds=1))},
    ],
)
def test_nothing_is_held_for_a_destination_that_cannot_be_sent_to(changes: dict[str, Any]) -> None:
    backlog, destination = Backlog(clock=lambda: NOW), uuid4()
    line = backlog.accept(a_target(destination, **changes))
    assert not line.flows
    assert not backlog.take(a_delivery(destination))


def test_when_a_park_is_over_one_delivery_tries_first() -> None:
    backlog, destination = Backlog(clock=lambda: NOW), uuid4()
    line = backlog.accept(a_target(destination, health=Health(5, NOW, 1, NOW)))
    assert len(fill(backlog, destination, 5)) == 1
    (sent,) = send_all(backlog)
    line.health = HEALTHY
    land(backlog, [sent])
    assert len(fill(backlog, destination, 5)) == 5


def test_a_new_address_is_tried_at_once() -> None:
    backlog, destination = Backlog(clock=lambda: NOW), uuid4()
    parked = a_target(destination, health=Health(5, NOW, 1, NOW + timedelta(hours=1)))
    assert not backlog.accept(parked).flows
    assert backlog.accept(replace(parked, url="http://127.0.0.1/mended")).flows


def test_a_destination_over_its_rate_comes_back_when_its_time_has_come() -> None:
    backlog, destination = Backlog(), uuid4()
    backlog.accept(a_target(destination, rate_limit=1))
    fill(backlog, destination, 5)
    assert len(send_all(backlog)) == 1
    (line,) = backlog.paced
    assert line.pace is not None
    assert 0.9 < line.pace.wait(line.pace.at) <= 1


def test_a_destination_over_its_rate_is_waited_for_once_however_much_lands_meanwhile() -> None:
    backlog, destination = Backlog(), uuid4()
    backlog.accept(a_target(destination, rate_limit=1))
    first, *_ = fill(backlog, destination, 5)
    assert send_all(backlog) == [first]
    (line,) = backlog.paced
    backlog.landed(first, ok=True, is_slow=False)
    fill(backlog, destination, 5)
    assert send_all(backlog) == []
    assert backlog.paced == [line]
    backlog.paced = []
    backlog.resume(line)
    assert send_all(backlog) == [], "its time has not come"
    assert backlog.paced == [line]


def test_whoever_needed_nothing_for_a_while_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    backlog, healthy, failing = Backlog(), uuid4(), uuid4()
    fill(backlog, healthy, 2)
    fill(backlog, failing, 2)
    land(backlog, send_all(backlog))
    found = backlog.find(failing)
    assert found is not None
    found.health = Health(failures=1)
    backlog.forget_idle()
    assert len(list(backlog.lines)) == 2
    later = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: later)
    backlog.forget_idle()
    assert list(backlog.lines) == [found]
