"""Which control has each setting, in which group, and what do its values mean in plain words?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wearable_gateway.developers.settings import FOR_THE_GATEWAY_ALONE


class Kind(StrEnum):
    CHOICE = "choice"
    SWITCH = "switch"
    NUMBER = "number"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Control:
    """`choices`: each value in words. `none`: what no value at all means, where that is a choice. `unit` follows a number."""

    name: str
    title: str
    kind: Kind
    text: str
    choices: Mapping[str, str] = field(default_factory=dict)
    none: str | None = None
    unit: str = ""

    @property
    def for_the_gateway_alone(self) -> bool:
        return self.name in FOR_THE_GATEWAY_ALONE

    def in_words(self, value: object) -> str:
        """A value as the page says it."""
        if value is None:
            return self.none or "nothing"
        if isinstance(value, bool):
            return "on" if value else "off"
        if isinstance(value, list):
            return ", ".join(map(str, value)) or "none"
        return self.choices.get(str(value)) or f"{value} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    controls: tuple[Control, ...]


GROUPS = (
    Group(
        "Connecting",
        (
            Control(
                "duplicate_policy", "The same wearable account again", Kind.CHOICE,
                "What happens when an account that is connected already is connected under another reference_id.",
                {"keep_both": "Keep both", "replace": "Replace the older one", "reject": "Refuse the newer one"},
            ),
            Control(
                "failed_auth", "When connecting fails", Kind.CHOICE,
                "The event that tells you. The two generations of Terra have different ones.",
                {
                    "auth_cancelled": "auth_cancelled, the newer one",
                    "classic": "auth with the status error, the classic one",
                },
            ),
            Control(
                "redirect_urls", "Where end users may be sent", Kind.LINES,
                "Beginnings of addresses, one a line, such as https://app.example.com/connected or yourapp://done."
                " A link to any other address is refused.",
                none="Anywhere",
            ),
        ),
    ),
    Group(
        "Data",
        (
            Control(
                "history_days", "How long health records are kept", Kind.NUMBER,
                "Of older ones a fingerprint stays, by which a repetition is still recognised. 0 keeps none at all.",
                none="For ever", unit="days",
            ),
            Control(
                "api_version", "The shape of payloads", Kind.CHOICE,
                "Where the generations of Terra differ.",
                {"classic": "Classic, which the SDKs of Terra read", "current": "Current, as in its newer schemas"},
            ),
        ),
    ),
    Group(
        "Delivery",
        (
            Control(
                "disable_failing_destinations_after_days", "Give a failing destination up", Kind.NUMBER,
                "After so many days without one success it is disabled, and nothing is kept for it any more.",
                none="Never", unit="days",
            ),
            Control(
                "healthcheck", "Hourly healthcheck", Kind.SWITCH,
                "An event every hour, so that silence tells you something is wrong.",
            ),
            Control(
                "large_request_completed", "Tell when a large request is complete", Kind.SWITCH,
                "An event large_request_completed once every payload of it was delivered.",
            ),
        ),
    ),
    Group(
        "Limits",
        (
            Control(
                "user_limit", "Connected users", Kind.NUMBER,
                "Nobody more can connect once there are so many.",
                none="As usual: 50 in testing and staging, any number in production", unit="users",
            ),
            Control(
                "requests_per_minute", "API requests a minute", Kind.NUMBER,
                "Over all your API keys together; more are refused with 429.",
                none="No limit", unit="requests",
            ),
        ),
    ),
)  # fmt: skip
CONTROLS: Mapping[str, Control] = {control.name: control for group in GROUPS for control in group.controls}
ELSEWHERE: Mapping[str, str] = {"providers": "providers", "brand_color": "settings_branding.html"}
"""Settings that are chosen in another place: on which page, or in which part of this one."""
