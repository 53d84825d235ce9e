"""Answers that a vendor should never give: its own, with something else at one of their places."""

import copy
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import httpx
from pydantic import ValidationError

from wearable_gateway.errors import NoticeRefusedError, ProviderError
from wearable_gateway.providers._base.notices import Notice, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, AppAccess, Ask
from wearable_gateway.unified.records import DataType

_DEEP: Any = json.loads("[" * 300 + "]" * 300)
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 1e308, 10**30, "", "²", "9" * 5000, "0001-01-01", "9999-12-31",
    "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-23:59", "\x00", "é", [], {}, [[]], [{}], [None],
    {"data": 7}, {"records": {}}, _DEEP,
)  # fmt: skip
_NAMES = ("", "²", "9" * 5000, "-1", "\x00")
BODIES: tuple[bytes, ...] = (
    b"", b"null", b"[]", b"{}", b"7", b'"x"', b"[7]", b"[[]]", b"\xff\xfe", b"NaN", b'{"a": NaN}', b'"\\ud800"',
    b"[" * 100_000, b'{"a":' * 2000, b"<html>", b'{"a": "\\u0000"}',
)  # fmt: skip
Asks = Sequence[Callable[[Access], Awaitable[object]]]
_READABLE_FAULTS = (ValidationError, ArithmeticError, LookupError, TypeError, ValueError)
"""What the gateway expects of `normalise` (ingestion/fetching.py)."""


def garbled(document: Any, chance: random.Random) -> Any:
    """`document` with one thing in it, or all of it, replaced, taken out or added."""
    made = copy.deepcopy(document)
    places = list(_places(made))
    if not places or chance.random() < 0.05:
        return copy.deepcopy(chance.choice(ODD))
    holder, place = chance.choice(places)
    if chance.random() < 0.1:
        del holder[place]
    elif chance.random() < 0.1 and isinstance(holder, dict):
        holder[chance.choice(_NAMES)] = holder.pop(place)
    else:
        holder[place] = copy.deepcopy(chance.choice(ODD))
    return made


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(node, dict | list):
        for place, child in list(node.items() if isinstance(node, dict) else enumerate(node)):
            yield node, place
            yield from _places(child)


class _Garbling(httpx.AsyncBaseTransport):
    def __init__(self, inner: httpx.AsyncClient, chance: random.Random) -> None:
        self._inner, self._chance = inner, chance

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        headers = {
            name: value for name, value in request.headers.items() if name in {"content-type", "x-client-id"}
        }
        answer = await self._inner.request(
            request.method, request.url, content=await request.aread(), headers=headers
        )
        if not answer.content or self._chance.random() < 0.5:
            return httpx.Response(answer.status_code, content=answer.content, request=request)
        if self._chance.random() < 0.05:
            return httpx.Response(200, content=self._chance.choice(BODIES), request=request)
        content = json.dumps(garbled(answer.json(), self._chance))
        return httpx.Response(answer.status_code, content=content, request=request)


@asynccontextmanager
async def garbling(access: Access, seed: int) -> AsyncIterator[Access]:
    """The same access to a vendor that garbles about every other answer."""
    transport = _Garbling(access.client, random.Random(seed))
    async with httpx.AsyncClient(transport=transport, base_url=access.client.base_url) as client:
        yield replace(access, client=client)


async def ask_garbled(provider: Provider, access: Access, asks: Asks, *, seeds: range) -> None:
    """Whatever is answered, each of `asks` ends well or in a ProviderError."""
    for seed in seeds:
        async with garbling(access, seed) as odd:
            for ask in (*asks, provider.probe):
                with suppress(ProviderError):
                    await ask(odd)


async def fetch_garbled(provider: Provider, access: Access, ask: Ask, *, seeds: range) -> None:
    """Whatever is answered, `fetch` brings documents or raises ProviderError, and what it brings is read or dropped."""
    for seed in seeds:
        async with garbling(access, seed) as odd:
            try:
                found = await provider.fetch(odd, ask)
            except ProviderError:
                continue
        for document in found:
            normalise_anything(provider, ask.kind, document)


def normalise_anything(provider: Provider, kind: DataType, document: Any) -> None:
    if not isinstance(document, Mapping):
        return  # no fetch brings it
    try:
        provider.normalise(kind, document)
    except _READABLE_FAULTS:
        return


def read_garbled(provider: Provider, request: NoticeRequest, app: AppAccess, *, seeds: range) -> list[Notice]:
    """Whatever is told, it is read or refused: the notices of all that could be read."""
    whole = json.loads(request.body)
    bodies = [*BODIES, *(json.dumps(garbled(whole, random.Random(seed))).encode() for seed in seeds)]
    found: list[Notice] = []
    for body in bodies:
        told = replace(request, body=body)
        try:
            provider.answer(told, app)
            found.extend(provider.notices_in(told))
        except NoticeRefusedError:
            continue
    return found
