"""The figures about providers: notices differ and are whole requests, and records are those of the fixtures."""

import asyncio
import datetime as dt
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pytest
from bench.client import LoadError
from bench.hurrying import HurryingLoop
from bench.rows.normalising import normalise, parse_and_write, samples_of
from bench.vendors import notices_of, telling
from starlette.routing import BaseRoute

from wearable_gateway.kit import json
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.simulators._base.book import Person
from wearable_gateway.simulators._base.config import SimulatorConfig
from wearable_gateway.simulators._base.simulator import Simulator

EVERY = [pytest.param(provider, id=slug) for slug, provider in PROVIDERS.items()]


class _Vendor(Simulator):
    """It gathers what comes within an hour, and tells nobody of the body."""

    name = "Vendor"
    authorize_path = "/authorize"
    token_path = "/token"
    data_paths = ()
    scopes = ()
    kinds: ClassVar[tuple[str, ...]] = ("daily", "body", "sleep")

    def routes(self) -> Sequence[BaseRoute]:
        return []

    async def changed(self, person: Person, kind: str, day: dt.date) -> None:
        if kind != "body":
            told = {"kind": kind, "day": day, "at": self.clock(), "revision": person.revision(kind, day)}
            asyncio.get_running_loop().call_later(0.5, self.tell, json.dump(told), self._signed)

    def _signed(self, body: bytes) -> Mapping[str, str]:
        return {"x-signature": str(len(body)), "x-now": str(self.clock())}


class _Silent(_Vendor):
    kinds = ("body",)


def _made(vendor: type[Simulator]) -> Simulator:
    return vendor(
        SimulatorConfig(
            url="http://vendor.test",
            client_id="client",
            client_secret="secret",
            redirect_uris=(),
            notice_url="http://gateway.test/notices/vendor/app.key",
            control_token="control",
        )
    )


def _body(notice: bytes) -> dict[str, Any]:
    head, _, body = notice.partition(b"\r\n\r\n")
    assert b"content-length: %d" % len(body) in head.split(b"\r\n")
    found: dict[str, Any] = json.load(body)
    return found


def test_on_the_hurrying_loop_hours_pass_at_once_and_in_order() -> None:
    passed: list[int] = []

    async def sleep(hours: int) -> None:
        await asyncio.sleep(hours * 3600)
        passed.append(hours)

    async def sleep_together() -> float:
        before = asyncio.get_running_loop().time()
        await asyncio.gather(*(sleep(hours) for hours in (3, 1, 2)))
        return asyncio.get_running_loop().time() - before

    started = time.perf_counter()
    with asyncio.Runner(loop_factory=HurryingLoop) as runner:
        assert runner.run(sleep_together()) >= 3 * 3600
    assert passed == [1, 2, 3]
    assert time.perf_counter() - started < 60


def test_notices_are_whole_requests_each_of_another_change_and_moment() -> None:
    simulator = _made(_Vendor)
    notices = notices_of(simulator, 50)
    assert all(notice.startswith(b"POST /notices/vendor/app.key HTTP/1.1\r\n") for notice in notices)
    assert all(b"\r\nhost: gateway.test\r\n" in notice for notice in notices)
    bodies = [_body(notice) for notice in notices]
    assert len({(body["kind"], body["day"]) for body in bodies}) == len(bodies) == 50
    assert len({body["at"] for body in bodies}) == 50
    assert {body["revision"] for body in bodies} == {1}
    assert all(abs(body["at"] - time.time()) < 60 for body in bodies)


def test_a_vendor_that_tells_nothing_gives_no_figure() -> None:
    with pytest.raises(LoadError, match="tells nothing"):
        notices_of(_made(_Silent), 3)


def test_every_provider_that_is_told_of_is_measured_where_there_is_a_vendor_for_it() -> None:
    assert telling()
    assert all(provider.takes_notices for provider, _ in telling())
    assert len({provider.slug for provider, _ in telling()}) == len(telling())


@pytest.mark.parametrize("provider", EVERY)
def test_a_ceilings_record_is_the_one_that_the_document_becomes(provider: Provider) -> None:
    for sample in samples_of(provider):
        record = provider.normalise(sample.kind, json.load(sample.text))
        assert record is not None
        assert sample.record.model_dump(mode="json") == record.body


@pytest.mark.parametrize("provider", EVERY)
def test_samples_are_normalised_without_a_word(
    provider: Provider, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = samples_of(provider)
    normalise(provider, samples)
    parse_and_write(samples)
    assert capsys.readouterr().out == ""
