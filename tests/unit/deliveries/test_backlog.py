from datetime import UTC, datetime
from uuid import UUID, uuid4

from wearable_gateway.deliveries.backlog import Backlog
from wearable_gateway.deliveries.models import Delivery, Message


def row(destination: UUID, bucket: int = 1) -> Delivery:
    return Delivery("acme", uuid4(), destination, bucket, attempts=0, epoch=1)


def message(delivery: Delivery) -> Message:
    return Message(delivery, "http://127.0.0.1/", (), uuid4(), b"{}", datetime.now(UTC))


def fill(backlog: Backlog, destination: UUID, count: int) -> list[Delivery]:
    rows = backlog.choose([row(destination) for _ in range(count)])
    for one in rows:
        backlog.add(message(one))
    return rows


def send_all(backlog: Backlog) -> list[Delivery]:
    sent = []
    while one := backlog.next_to_send():
        sent.append(one.delivery)
    return sent


def test_a_destination_starts_with_two_in_flight_and_earns_more_with_each_success() -> None:
    backlog, destination = Backlog(per_destination=4), uuid4()
    fill(backlog, destination, 30)
    sizes = []
    for _ in range(4):
        sent = send_all(backlog)
        sizes.append(len(sent))
        for delivery in sent:
            backlog.landed(delivery, succeeded=True)
            backlog.settle(delivery)
    assert sizes == [2, 4, 4, 4]


def test_a_destination_that_fails_is_sent_one_at_a_time() -> None:
    backlog, destination = Backlog(), uuid4()
    fill(backlog, destination, 30)
    for delivery in send_all(backlog):
        backlog.landed(delivery, succeeded=False)
    assert len(send_all(backlog)) == 1


def test_destinations_take_turns() -> None:
    backlog, first, second = Backlog(in_flight=4), uuid4(), uuid4()
    fill(backlog, first, 10)
    fill(backlog, second, 10)
    assert [delivery.destination_id for delivery in send_all(backlog)] == [first, second, first, second]


def test_a_destination_with_much_to_send_leaves_room_for_others() -> None:
    backlog, busy = Backlog(held=64), uuid4()
    assert len(fill(backlog, busy, 1000)) == 32
    assert backlog.full_destinations() == [busy]
    assert len(fill(backlog, uuid4(), 10)) == 10


def test_a_bucket_is_busy_until_what_was_sent_from_it_is_recorded() -> None:
    backlog, destination = Backlog(), uuid4()
    (delivery,) = fill(backlog, destination, 1)
    assert backlog.busy_buckets() == set()
    send_all(backlog)
    backlog.landed(delivery, succeeded=True)
    assert backlog.busy_buckets() == {1}
    backlog.settle(delivery)
    assert backlog.busy_buckets() == set()
    assert backlog.room == Backlog().room
