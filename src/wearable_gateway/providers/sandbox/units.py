"""The vendor's units and Terra's: km and m, kJ and kcal, mmol/l and mg/dl, °F and °C, shares and percents."""

import math

_KJ_PER_KCAL = 4.184
_MG_PER_DL_PER_MMOL_PER_L = 18.016
"""Of glucose, whose molar mass is 180.16 g/mol."""


def scaled(value: float | None, factor: float) -> float | None:
    """Rounded, or 0.229 of something would be 22.900000000000002 percent of it; None when no number holds it."""
    return None if value is None or not math.isfinite(value * factor) else round(value * factor, 6)


def kcal(kilojoules: float | None) -> float | None:
    return scaled(kilojoules, 1 / _KJ_PER_KCAL)


def kilojoules(kcal: float | None) -> float | None:
    return scaled(kcal, _KJ_PER_KCAL)


def metres(kilometres: float | None) -> float | None:
    return scaled(kilometres, 1000)


def percent(share: float | None) -> float | None:
    return scaled(share, 100)


def mg_per_dl(mmol_per_l: float | None) -> float | None:
    return scaled(mmol_per_l, _MG_PER_DL_PER_MMOL_PER_L)


def mmol_per_l(mg_per_dl: float | None) -> float | None:
    return scaled(mg_per_dl, 1 / _MG_PER_DL_PER_MMOL_PER_L)


def celsius(fahrenheit: float | None) -> float | None:
    return None if fahrenheit is None else scaled(fahrenheit - 32, 1 / 1.8)


def fahrenheit(celsius: float | None) -> float | None:
    return None if celsius is None else scaled(celsius + 32 / 1.8, 1.8)
