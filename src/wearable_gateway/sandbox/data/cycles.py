"""Where in her cycle is a person on a day?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from wearable_gateway.sandbox.data.people import person_of
from wearable_gateway.sandbox.data.profile import Profile, draws, local_iso, offset_text

_LUTEAL_DAYS = 14
_FERTILE_DAYS = 5
_HEAVY_UNTIL, _MEDIUM_UNTIL = 2, 4

Phase = tuple[str, int, int]
"""Its name, and its first and last day of the cycle, which begins with day 1."""


@dataclass(frozen=True)
class Cycle:
    started_on: date
    days: int
    bleeding_days: int

    @property
    def ovulates_on(self) -> int:
        return self.days - _LUTEAL_DAYS

    @property
    def phases(self) -> tuple[Phase, ...]:
        fertile_from = self.ovulates_on - _FERTILE_DAYS
        return (
            ("bleeding", 1, self.bleeding_days),
            ("follicular", self.bleeding_days + 1, fertile_from - 1),
            ("fertile", fertile_from, self.ovulates_on - 1),
            ("ovulation", self.ovulates_on, self.ovulates_on),
            ("luteal", self.ovulates_on + 1, self.days),
        )

    def date_of(self, number: int) -> date:
        return self.started_on + timedelta(days=number - 1)


def cycle_on(profile: Profile, day: date) -> Cycle:
    draw = draws(profile.account_id, "cycle")
    days, bleeding_days, first = draw.randint(26, 32), draw.randint(4, 6), draw.randrange(32)
    return Cycle(day - timedelta(days=(day.toordinal() - first) % days), days, bleeding_days)


def cycles_of(profile: Profile, day: date, revision: int) -> list[dict[str, Any]]:
    if not person_of(profile).has_cycle:
        return []
    cycle = cycle_on(profile, day)
    number = (day - cycle.started_on).days + 1
    name, first, last = next(phase for phase in cycle.phases if phase[1] <= number <= phase[2])
    return [
        {
            "date": day.isoformat(),
            "utc_offset": offset_text(profile),
            "revision": revision,
            "cycle_day": number,
            "cycle_started_on": cycle.started_on.isoformat(),
            "cycle_days": cycle.days,
            "predicted": number > cycle.bleeding_days,
            "bleeding_days": cycle.bleeding_days,
            "phase": name,
            "phase_days": last - first + 1,
            "days_to_next_phase": last - number + 1,
            "fertile_from": cycle.date_of(cycle.ovulates_on - _FERTILE_DAYS).isoformat(),
            "fertile_until": cycle.date_of(cycle.ovulates_on).isoformat(),
            "ovulates_on": cycle.date_of(cycle.ovulates_on).isoformat(),
            "phases": [
                {"phase": name, "from": str(cycle.date_of(first)), "until": str(cycle.date_of(last))}
                for name, first, last in cycle.phases
                if first <= last
            ],
            "flow": list(_flow(profile, day, number, cycle)),
            "noted_at": local_iso(profile.at(day, 1260 + revision % 60)),
        }
    ]


def _flow(profile: Profile, day: date, number: int, cycle: Cycle) -> Iterator[dict[str, Any]]:
    if number <= cycle.bleeding_days:
        strength = "heavy" if number <= _HEAVY_UNTIL else "medium" if number <= _MEDIUM_UNTIL else "light"
        yield {"at": local_iso(profile.at(day, 1230)), "strength": strength}
