"""Overview: how a developer fares, or at `/dashboard/-/overview` the whole gateway."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi import Response

from wearable_gateway.overview.models import Overview
from wearable_gateway.overview.ranges import Parts, Range
from wearable_gateway.overview.service import developer_overview, gateway_overview
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.charts import Bars, Chart, Series, bars, column_chart
from wearable_gateway.web.dashboard.deps import Anywhere, Place
from wearable_gateway.web.dashboard.pages import framed
from wearable_gateway.web.deps import Svc

router = section("/{dev_id}/overview")

_NAMES = {Range.DAY: "24 hours", Range.WEEK: "7 days", Range.MONTH: "30 days"}
_UNITS = {Range.DAY: "an hour", Range.WEEK: "in six hours", Range.MONTH: "a day"}
_TYPES_SHOWN = 5
_PROVIDERS_SHOWN = 8


@router.get("")
async def show_overview(svc: Svc, here: Anywhere, span: str = "") -> Response:
    chosen = Range(span) if span in set(Range) else Range.DAY
    now = svc.clock()
    if here.developer:
        seen = await developer_overview(svc.db.autocommit, here.developer.dev_id, chosen, now=now)
    else:
        seen = await gateway_overview(svc.db.autocommit, chosen, now=now)
    return framed(
        "overview.html",
        here,
        "overview",
        seen=seen,
        now=now,
        ranges=_NAMES,
        names={slug: provider.name for slug, provider in PROVIDERS.items()},
        public_url=svc.public_url,
        events=_events(seen),
        deliveries=_deliveries(seen),
        changes=_changes(seen),
        providers=_providers(seen, here),
        developers=_developers(seen),
    )


def _events(seen: Overview) -> Chart:
    """The most frequent types, and the others together."""
    ordered = sorted(seen.events.items(), key=lambda item: (-sum(item[1]), item[0]))
    shown = dict(ordered[:_TYPES_SHOWN])
    if rest := [numbers for _, numbers in ordered[_TYPES_SHOWN:]]:
        shown["other"] = [sum(column) for column in zip(*rest, strict=True)]
    return _columns("events", "Events", seen, shown)


def _deliveries(seen: Overview) -> Chart:
    told = seen.deliveries
    return _columns(
        "deliveries",
        "Deliveries",
        seen,
        {"succeeded": told.succeeded, "failed attempts": told.failed, "given up": told.given_up},
        looks=("good", "warn", "bad"),
    )


def _changes(seen: Overview) -> Chart:
    """Those that came above the line, those that went below."""
    gone = {
        name: [-number for number in seen.changes[name]]
        for name in ("deauthenticated", "revoked", "replaced")
    }
    return _columns(
        "changes",
        "Connections gained and lost",
        seen,
        {"connected": seen.changes["connected"], **gone},
        looks=("one", "two", "bad", "six"),
    )


def _columns(
    chart_id: str,
    title: str,
    seen: Overview,
    numbers: Mapping[str, Sequence[int]],
    looks: Sequence[str] = (),
) -> Chart:
    parts = seen.parts
    series = [
        Series(name.replace("_", " "), _points(parts, each), looks[place] if looks else "")
        for place, (name, each) in enumerate(numbers.items())
    ]
    return column_chart(
        chart_id, title, series, parts.start, parts.step, parts.slots, unit=_UNITS[seen.range]
    )


def _points(parts: Parts, numbers: Sequence[int]) -> list[tuple[datetime, float | None]]:
    return [(parts.start + place * parts.step, number) for place, number in enumerate(numbers)]


def _providers(seen: Overview, here: Place) -> Bars:
    """Of connections that are not revoked."""
    counts: dict[str, int] = {}
    for one in seen.connections:
        if one.state != "revoked":
            counts[one.provider] = counts.get(one.provider, 0) + one.number
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown, rest = ordered[:_PROVIDERS_SHOWN], ordered[_PROVIDERS_SHOWN:]
    figures = [(PROVIDERS[slug].name if slug in PROVIDERS else slug, number) for slug, number in shown]
    links = [f"{here.home}/users?provider={slug}" if here.developer else "" for slug, _ in shown]
    if rest:
        figures.append(("Others", sum(number for _, number in rest)))
        links.append("")
    return bars("Connections by provider", figures, links=links)


def _developers(seen: Overview) -> Bars:
    return bars(
        "Developers by connections",
        list(seen.developers),
        look="two",
        links=[f"/dashboard/{dev_id}/overview" for dev_id, _ in seen.developers],
    )
