"""How much of a day was spent how actively."""

from wearable_gateway.providers.google_health.document import Count, Document, known, scaled
from wearable_gateway.unified.common import ActiveDurationsData

_LEVELS = ("LIGHT", "MODERATE", "VIGOROUS")


class LevelMinutes(Document):
    activity_level: str | None = None
    active_minutes_sum: Count | None = None


class ActiveMinutes(Document):
    active_minutes_rollup_by_activity_level: tuple[LevelMinutes, ...] = ()

    def at(self, level: str) -> float | None:
        """The seconds at `level`; None when the vendor named none."""
        for one in self.active_minutes_rollup_by_activity_level:
            if one.activity_level == level:
                return scaled(one.active_minutes_sum, 60)
        return None


def durations(active: ActiveMinutes, sedentary_seconds: float | None) -> ActiveDurationsData | None:
    """The seconds at each level; their sum only where all three are known."""
    levels = [active.at(level) for level in _LEVELS]
    told = [seconds for seconds in levels if seconds is not None]
    light, moderate, vigorous = levels
    return known(
        ActiveDurationsData(
            activity_seconds=sum(told) if len(told) == len(_LEVELS) else None,
            inactivity_seconds=sedentary_seconds,
            low_intensity_seconds=light,
            moderate_intensity_seconds=moderate,
            vigorous_intensity_seconds=vigorous,
        )
    )
