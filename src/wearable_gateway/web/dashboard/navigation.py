"""Which pages there are, in the order of the menu."""

from dataclasses import dataclass

from wearable_gateway.web.dashboard.deps import Place


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` is the last part of the page's address, and what the page calls itself to be marked in the menu."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    entries: tuple[Entry, ...]


_DEVELOPER = (
    Group("", (Entry("overview", "Overview"),)),
    Group(
        "Tools · Debug",
        (
            Entry("users", "Users"),
            Entry("events", "Events and deliveries"),
            Entry("data", "Data explorer"),
        ),
    ),
    Group(
        "Build",
        (
            Entry("destinations", "Destinations"),
            Entry("providers", "Providers"),
            Entry("keys", "API keys"),
        ),
    ),
    Group(
        "Manage",
        (
            Entry("people", "People"),
            Entry("settings", "Settings"),
            Entry("audit", "Audit log"),
        ),
    ),
)
_GATEWAY = (
    Group(
        "",
        (
            Entry("overview", "Overview"),
            Entry("developers", "Developers"),
            Entry("accounts", "Wearable accounts"),
        ),
    ),
    Group("Build", (Entry("providers", "Shared provider apps"), Entry("tokens", "Admin tokens"))),
    Group("Manage", (Entry("people", "People"), Entry("audit", "Audit log"))),
)
_SEVERAL = (Group("", (Entry("developers", "Developers"),)),)


def menu(place: Place) -> tuple[Group, ...]:
    if place.developer is not None:
        return _DEVELOPER
    return _GATEWAY if place.operator.dev_id is None else _SEVERAL
