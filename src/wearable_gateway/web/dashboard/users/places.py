"""Where does a check of a diagnosis lead?"""

from uuid import UUID

from wearable_gateway.diagnosis.checks import Check, Target
from wearable_gateway.web.dashboard.deps import Workplace

_WORDS = {
    Target.PROVIDERS: "Providers",
    Target.SETTINGS: "Settings",
    Target.RESUME: "Resume",
    Target.ASK: "Ask for data",
    Target.DESTINATION: "The destination",
    Target.DESTINATIONS: "Destinations",
    Target.EVENT: "Its events",
    Target.DATA: "Data explorer",
}


def address_of(here: Workplace, user_id: UUID, check: Check) -> tuple[str, str] | None:
    """Address and words of the link; None where there is nothing to go to."""
    if check.target is None:
        return None
    address = {
        Target.PROVIDERS: f"{here.home}/providers",
        Target.SETTINGS: f"{here.home}/settings",
        Target.RESUME: "#actions",
        Target.ASK: "#actions",
        Target.DESTINATION: f"{here.home}/destinations/{check.thing}",
        Target.DESTINATIONS: f"{here.home}/destinations",
        Target.EVENT: f"{here.home}/events?user={user_id}",
        Target.DATA: f"{here.home}/data?user_id={user_id}",
    }[check.target]
    return address, _WORDS[check.target]
