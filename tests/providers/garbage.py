"""A vendor that answers whatever comes to its mind: no method of a provider may fail in a way of its own.

What callers know how to go on from is ProviderError, and of `normalise` what `ingestion.fetching` catches.
"""

import contextlib
import json
import random
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from wearable_gateway.errors import NoticeRefusedError, ProviderError
from wearable_gateway.kit import json as written
from wearable_gateway.providers._base.notices import Notice, NoticeKind, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, AppAccess, Ask, Tokens

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = date(2026, 11, 21)
UNREADABLE = (ArithmeticError, LookupError, TypeError, ValueError)
ODD: Sequence[Any] = (
    None, True, 0, -1, 1.5, 1e308, 10**30, float("nan"), float("-inf"), "", "x", "\x00", "é" * 40, "9" * 400,
    "2026-11-21", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00", [], [None], [[]], [{}], ["x", 1], {}, {"": None},
    {"x": {"y": [0]}},
)  # fmt: skip
HEADERS = (
    "",
    "x",
    "-1",
    "1e9",
    "9" * 40,
    "9" * 6000,
    "1,2,3",
    ",",
    " , ",
    "٣",
    "1, x",
    "10,20",
    "nan",
    "99999999999,1",
)


def strange(names: Sequence[str]) -> Iterator[Any]:
    """Every odd value by itself, and under each of `names`, in an object and in a list of them."""
    for odd in ODD:
        yield odd
        yield dict.fromkeys(names, odd)
        yield [dict.fromkeys(names, odd)]
        for name in names:
            yield {name: odd}
            yield {name: [dict.fromkeys(names, odd)]}


def damaged(document: Any, chance: random.Random) -> Any:
    """`document` with some of its values replaced by odd ones."""
    if chance.random() < 0.08:
        return chance.choice(ODD)
    if isinstance(document, dict):
        return {name: damaged(value, chance) for name, value in document.items()}
    if isinstance(document, list):
        return [damaged(value, chance) for value in document[:20]]
    return document


@contextlib.asynccontextmanager
async def reaching(provider: Provider, content: bytes) -> AsyncIterator[Access]:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=content)

    hosts = dict.fromkeys(provider.default_hosts, "http://vendor.test")
    app = AppAccess("client", "secret", "notice-secret", hosts)
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(answer), base_url="http://vendor.test"
    ) as client:
        yield Access(client, app, "90210", frozenset(provider.oauth.scopes))


async def survives_answers(
    provider: Provider, names: Sequence[str], hints: Sequence[dict[str, Any]] = ({},)
) -> None:
    """Each of the provider's questions, answered by each strange thing."""
    for content in random.Random(7).sample(list(strange(names)), 50):
        async with reaching(provider, json.dumps(content).encode()) as access:
            for call in questions(provider, access, hints):
                with contextlib.suppress(ProviderError):
                    await call


def questions(
    provider: Provider, access: Access, hints: Sequence[dict[str, Any]]
) -> Iterator[Coroutine[Any, Any, object]]:
    tokens = Tokens("access", None, None, ())
    yield provider.account(access.client, access.app, tokens)
    yield provider.probe(access)
    yield provider.revoke(access, tokens)
    yield provider.subscribe_app(access.client, access.app, "http://us.test/n.s")
    yield provider.subscribe(access, "http://us.test/n.s")
    for kind in provider.data_scopes:
        yield provider.fetch(access, Ask(kind, DAY - timedelta(days=3), DAY, samples=True))
        for hint in hints:
            notice = Notice("key", NoticeKind.DATA_CHANGED, "90210", NOW, (kind,), DAY, DAY, hints=hint)
            yield provider.fetch_noticed(access, notice, [kind])


def survives_token_answers(provider: Provider, names: Sequence[str]) -> None:
    for content in strange(names):
        if isinstance(content, dict):
            for status in (200, 400, 401, 429):
                assert isinstance(provider.token_answer(status, content), dict)


def survives_headers(provider: Provider, names: Sequence[str]) -> None:
    for value in HEADERS:
        for other in HEADERS:
            for name in names:
                list(provider.usage(dict.fromkeys(names, other) | {name: value}, NOW))


def survives_notices(provider: Provider, bodies: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    """What is read of a strange notice can be kept; anything else is refused."""
    chance = random.Random(7)
    app = AppAccess("client", "secret", "notice-secret", {}, {"subscription_id": "1"})
    contents = [*strange(names), *(damaged(body, chance) for body in bodies for _ in range(300))]
    for content in contents:
        body = json.dumps(content).encode()
        request = NoticeRequest({}, body, NOW)
        with contextlib.suppress(NoticeRefusedError):
            provider.answer(request, app)
            provider.verify(request, app)
        with contextlib.suppress(NoticeRefusedError):
            for notice in provider.notices_in(request):
                assert notice.key.encode()
                written.dump([notice.account_id, notice.hints, notice.record_keys])


def survives_documents(provider: Provider, fixtures: Path) -> None:
    """Damaged documents make a record that can be kept, or none."""
    chance = random.Random(7)
    for kind in provider.data_scopes:
        for path in sorted((fixtures / kind.value).glob("*.json")):
            whole = json.loads(path.read_text())
            for _ in range(60):
                broken = damaged(whole, chance)
                if isinstance(broken, dict):
                    record = None
                    with contextlib.suppress(*UNREADABLE):
                        record = provider.normalise(kind, broken)
                    if record is not None:
                        written.dump([record.key, record.body])
