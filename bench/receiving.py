"""The receiver's process, and what it says it was sent."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.book import Count, Ledger, read_ledger
from bench.client import LoadError
from bench.processes import clean_environment, fetched, free_port, running, wait_for_answer
from wearable_gateway.kit import json

_LOOK_EVERY_SECONDS = 0.05
ASK_EVERY_SECONDS = 0.5
"""What takes more to find out, such as from the database."""


@dataclass(frozen=True, slots=True)
class Receiver:
    port: int

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def counts(self) -> dict[str, Count]:
        found = json.load(fetched(self.url("/measured/counts")))
        return {path: Count(**count) for path, count in found["counts"].items()}

    def received(self, beginning: str = "/") -> int:
        """How many requests came to the paths that begin so."""
        return sum(count.requests for path, count in self.counts().items() if path.startswith(beginning))

    def most_connections(self) -> int:
        most: int = json.load(fetched(self.url("/measured/counts")))["most_connections"]
        return most - 1  # this one

    def ledger(self) -> Ledger:
        return read_ledger(fetched(self.url("/measured/ledger")))

    def forget(self) -> None:
        fetched(self.url("/measured/forget"))

    def wait_for(self, number: int, beginning: str = "/", *, within: float) -> None:
        """Returns once that many requests came. Raises LoadError."""
        wait_until(
            lambda: self.received(beginning) >= number, f"{number:,} deliveries did not come", within=within
        )


def wait_until(
    true: Callable[[], bool], otherwise: str, *, within: float, every: float = _LOOK_EVERY_SECONDS
) -> None:
    """Raises LoadError."""
    until = time.monotonic() + within
    while not true():
        if time.monotonic() > until:
            raise LoadError(f"{otherwise} within {within:g} s")
        time.sleep(every)


@contextmanager
def receiving(folder: Path, *, ledger: bool = True) -> Iterator[Receiver]:
    port = free_port()
    words = ("bench.receiver", str(port), *(["--ledger"] if ledger else []))
    with running(*words, folder=folder, environment=clean_environment()) as process:
        receiver = Receiver(port)
        wait_for_answer(process, receiver.url("/measured/counts"))
        yield receiver
