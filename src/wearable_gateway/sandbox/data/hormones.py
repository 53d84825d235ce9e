"""What did a person's home tests of hormones find on a day? They are done around the middle of a cycle."""

from datetime import date
from typing import Any

from wearable_gateway.sandbox.data.cycles import cycle_on
from wearable_gateway.sandbox.data.people import person_of
from wearable_gateway.sandbox.data.profile import Profile, draws, identify, local_iso

_TESTED_AROUND = 6
_SURGE = (0, 1)
"""Days before ovulation."""


def hormones_of(profile: Profile, day: date, revision: int) -> list[dict[str, Any]]:
    if not person_of(profile).has_cycle:
        return []
    cycle, draw = cycle_on(profile, day), draws(profile.account_id, day, "hormones")
    to_ovulation = cycle.ovulates_on - (day - cycle.started_on).days - 1
    if abs(to_ovulation) > _TESTED_AROUND:
        return []
    surge, after = to_ovulation in _SURGE, to_ovulation < 0
    return [
        {
            "id": identify("hrm", profile.account_id, day),
            "taken_at": local_iso(profile.at(day, profile.wakes_at_minute + draw.randint(5, 30))),
            "lh_iu_per_l": round(draw.uniform(28, 60) if surge else draw.uniform(3, 9), 1),
            "e3g_ug_per_l": round(draw.uniform(180, 300) if surge else draw.uniform(70, 150), 1),
            "pdg_mg_per_l": round(
                (draw.uniform(5, 14) if after else draw.uniform(0.6, 2.6)) + 0.01 * revision, 2
            ),
            "fsh_iu_per_l": round(draw.uniform(3.5, 9.5), 1),
            "revision": revision,
        }
    ]
