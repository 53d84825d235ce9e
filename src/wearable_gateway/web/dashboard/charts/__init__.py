"""Charts as SVG made on the server: what is drawn is worked out here, `templates/charts.html` writes it.

`line_chart` and `column_chart` give a `Chart`, `bars` and `sparkline` smaller things; the macros of `charts.html` with
the same names show them. A page that has one links `/static/dashboard/charts.css`.

Heights are in CSS pixels and widths in per cent, so that words and lines are as thick on a telephone as on a desk.
Nothing is told by colour alone: a series has a texture or a dash of its own, and all figures stand in a table below.
"""

from wearable_gateway.web.dashboard.charts.columns import column_chart
from wearable_gateway.web.dashboard.charts.lines import line_chart
from wearable_gateway.web.dashboard.charts.models import Bars, Chart, Series, Sparkline
from wearable_gateway.web.dashboard.charts.small import bars, sparkline

__all__ = ["Bars", "Chart", "Series", "Sparkline", "bars", "column_chart", "line_chart", "sparkline"]
