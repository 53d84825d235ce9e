"""The benchmark's load client counts what was answered, and refuses to give a figure for anything else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import repeat

import pytest
from bench.client import LoadError, drive, response_end
from bench.results import Budget, Result

_REQUEST = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


def _answer(status: int = 200, body: bytes = b"body") -> bytes:
    return b"HTTP/1.1 %d Whatever\r\nx: y\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


@asynccontextmanager
async def _server(pieces: Callable[[int], list[bytes]]) -> AsyncIterator[tuple[int, list[int]]]:
    """Its port, and a list that grows by one for each request; `pieces` of no bytes close the connection."""
    asked: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                asked.append(len(asked))
                for piece in pieces(asked[-1]):
                    writer.write(piece)
                    await writer.drain()
                    if not piece:
                        return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], asked


@pytest.mark.parametrize("body", [b"", b"body", b"HTTP/1.1 500 in a body\r\n\r\n"])
async def test_every_answer_is_counted_once_however_it_is_cut(body: bytes) -> None:
    def cut(number: int) -> list[bytes]:
        whole = _answer(body=body)
        return [whole[: number % len(whole)] or whole[:1], whole[number % len(whole) or 1 :]]

    async with _server(lambda number: [piece for piece in cut(number) if piece]) as (port, asked):
        outcome = await drive(port, repeat(_REQUEST), clients=4, answers=200)
    assert outcome.answers == 200
    # Each client but the last may have one more on its way when the count is full.
    assert 200 <= len(asked) <= 203
    assert 0 < outcome.p50_ms <= outcome.p99_ms
    assert outcome.rate > 0


async def test_an_answer_other_than_success_gives_no_figure() -> None:
    async with _server(lambda number: [_answer(503 if number == 7 else 200)]) as (port, _):
        with pytest.raises(LoadError, match="503: 1"):
            await drive(port, repeat(_REQUEST), clients=2, answers=20)


async def test_a_closed_connection_gives_no_figure() -> None:
    async with _server(lambda number: [b"" if number == 7 else _answer()]) as (port, _):
        with pytest.raises(LoadError, match="closed"):
            await drive(port, repeat(_REQUEST), clients=1, answers=20)


async def test_of_several_requests_each_is_sent_once() -> None:
    async with _server(lambda _: [b"HTTP/1.1 204 No Content\r\nx: y\r\n\r\n"]) as (port, asked):
        outcome = await drive(port, repeat(_REQUEST, 30), clients=4, answers=30)
    assert outcome.answers == len(asked) == 30


def test_an_answer_ends_where_its_length_says() -> None:
    whole = _answer(body=b"0123456789")
    assert response_end(whole + b"HTTP/1.1 200") == len(whole)
    assert [response_end(whole[:end]) for end in range(len(whole))] == [None] * len(whole)
    with pytest.raises(LoadError, match="content-length"):
        response_end(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")


def test_the_ratio_is_of_medians_and_the_spread_of_rounds() -> None:
    result = Result(
        "row", "what", "/s", subject=[10, 20, 60], ceiling=[20, 80, 30], budget=Budget(0.5, at_least=True)
    )
    assert result.value == pytest.approx(20 / 30)
    assert result.spread == (0.25, 2.0)
    assert result.kept
    assert not Budget(3, at_least=False).allows(3.1)
