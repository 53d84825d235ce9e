"""The figures about deliveries: the receiver counts what it is sent, and waits are those of the ledgers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from bench.book import Book, Entry, read_ledger
from bench.client import LoadError
from bench.latencies import percentile, waits, waits_after
from bench.outbox import body_of
from bench.producer import Committed, read_committed
from bench.receiver import Connection


def _post(path: str, event_id: str, body: bytes) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nWebhook-Id: {event_id}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


@asynccontextmanager
async def _receiver(book: Book) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    server = await asyncio.get_running_loop().create_server(lambda: Connection(book), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            yield reader, writer
        finally:
            writer.close()
            await writer.wait_closed()


@pytest.mark.parametrize("piece", [1, 7, 10_000])
async def test_every_request_is_counted_once_however_it_is_cut(piece: int) -> None:
    book = Book(keeps_ledger=True)
    said = (
        _post("/ok/a", "1", b"first\r\n\r\n") + _post("/ok/a", "1", b"other") + _post("/slow/1/b", "2", b"")
    )
    async with _receiver(book) as (reader, writer):
        for start in range(0, len(said), piece):
            writer.write(said[start : start + piece])
            await writer.drain()
        for _ in range(3):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")
    assert {path: count.requests for path, count in book.counts.items()} == {"/ok/a": 2, "/slow/1/b": 1}
    ledger = read_ledger(book.ledger_as_json())
    assert (ledger["/ok/a"]["1"].times, ledger["/ok/a"]["1"].altered) == (2, 1)
    assert (ledger["/slow/1/b"]["2"].times, ledger["/slow/1/b"]["2"].altered) == (1, 0)


async def test_every_fourth_event_is_refused_once() -> None:
    async with _receiver(Book(keeps_ledger=True)) as (reader, writer):
        statuses = []
        for event_id in ("a3", "a3", "a4"):
            writer.write(_post("/once/0/a", event_id, b"{}"))
            statuses.append((await reader.readuntil(b"\r\n\r\n")).split()[1])
    assert statuses == [b"500", b"204", b"204"]


async def test_what_was_received_is_told_and_forgotten() -> None:
    book = Book(keeps_ledger=False)
    async with _receiver(book) as (reader, writer):
        writer.write(_post("/ok/a", "1", b"{}") + b"GET /measured/counts HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        length = int((await reader.readuntil(b"\r\n\r\n")).rpartition(b" ")[2])
        told = json.loads(await reader.readexactly(length))
        writer.write(b"GET /measured/forget HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
    assert told["counts"]["/ok/a"]["requests"] == 1
    assert book.counts == {}
    assert book.most_connections == 1


def test_bodies_are_json_of_the_size_that_was_asked_for() -> None:
    for size in (300, 2048):
        body = body_of(7, size)
        assert size <= len(body) <= size + 100
        assert json.loads(body)["type"] == "daily"
    assert body_of(7) != body_of(8)


def test_a_ledger_that_a_kill_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    file = tmp_path / "committed"
    assert read_committed(file) == []
    file.write_text("1 a x 10.5 11.0\n2 b y 12.0 12.5\n3 c")
    assert [event.event_id for event in read_committed(file)] == ["1", "2"]
    assert read_committed(file)[1] == Committed("2", "b", "y", 12.0, 12.5)


def test_waits_are_counted_from_the_commit() -> None:
    committed = [Committed("1", "a", "", 9.9, 10.0), Committed("2", "a", "", 19.9, 20.0)]
    ledger = {"/a": {"1": Entry("", 10.25, 99.0), "2": Entry("", 19.95, 19.95)}}
    found = waits(committed, ledger)
    assert found.count == 2
    assert found.most == pytest.approx(250)
    assert found.p50 == found.p99 == pytest.approx(250)
    with pytest.raises(LoadError, match="1 of 3"):
        waits([*committed, Committed("3", "a", "", 1, 1)], ledger)


def test_after_a_death_waits_are_counted_from_it_or_from_a_later_commit() -> None:
    committed = [Committed(str(number), "a", "", 0, at) for number, at in enumerate((5.0, 9.0, 12.0))]
    ledger = {"/a": {"0": Entry("", 6.0, 6.0), "1": Entry("", 16.0, 16.0), "2": Entry("", 13.0, 13.0)}}
    assert waits_after(committed, ledger, 10.0) == [6.0, 1.0]
    with pytest.raises(LoadError, match="no event came"):
        waits_after(committed, ledger, 20.0)


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile(range(100), 0.99) == 99
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile([1], 0.99) == 1
