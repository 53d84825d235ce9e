"""How does a destination stand, in a word?"""

from wearable_gateway.deliveries.models import Destination, DestinationState
from wearable_gateway.web.dashboard.events.words import Told

_STATES = {
    DestinationState.PAUSED: Told("Paused", "warn", "Its events wait until it is resumed."),
    DestinationState.DISABLED: Told("Disabled", "bad", "Nothing is sent there or kept for it."),
}


def standing(destination: Destination) -> Told:
    if destination.state in _STATES:
        return _STATES[destination.state]
    if destination.failing_since:
        return Told("Failing", "bad", "It takes nothing at the moment. What comes for it waits.")
    return Told("Active", "good", "It gets its events as they come.")
