"""Charts that stand beside words: bars in a list, a line in a sentence."""

from collections.abc import Sequence

from wearable_gateway.web.dashboard.charts.models import Bars, Sparkline
from wearable_gateway.web.dashboard.charts.scales import exact

_HIGH, _WIDE, _EDGE = 28, 100, 2


def bars(
    title: str, figures: Sequence[tuple[str, float]], *, look: str = "one", links: Sequence[str] = ()
) -> Bars:
    """One below the other, as long as their figures. `links` are where the names lead, in the same order."""
    longest = max((figure for _, figure in figures), default=0) or 1
    leads = list(links) or [""] * len(figures)
    return Bars(
        title,
        tuple(
            (name, exact(figure), round(figure / longest * 100, 2), look, lead)
            for (name, figure), lead in zip(figures, leads, strict=True)
        ),
    )


def sparkline(label: str, values: Sequence[float], *, look: str = "one") -> Sparkline:
    """A line of `values`, equally far apart, from zero on. Nothing is drawn of fewer than two."""
    if len(values) < 2:  # noqa: PLR2004 - two points make a line
        return Sparkline(label, "", "", look)
    highest = max(*values, 0) or 1
    across = _WIDE / (len(values) - 1)
    places = [
        (round(number * across, 2), round(_HIGH - _EDGE - value / highest * (_HIGH - 2 * _EDGE), 2))
        for number, value in enumerate(values)
    ]
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in places)
    return Sparkline(label, path, f"{path}V{_HIGH}H0Z", look)
