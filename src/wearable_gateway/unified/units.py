"""The unit of a field is the end of its name."""

_UNITS = {
    "_ml_per_min_per_kg": "ml/min/kg",
    "_meters_per_second": "m/s",
    "_minutes_per_kilometer": "min/km",
    "_newton_meters": "N·m",
    "_breaths_per_min": "1/min",
    "_mg_per_dL": "mg/dL",
    "_mg_per_dl": "mg/dL",
    "_mIU_per_ml": "mIU/ml",
    "_ng_per_ml": "ng/ml",
    "_ug_per_ml": "µg/ml",
    "_lat_lng_deg": "degrees",
    "_celsius": "°C",
    "_kilojoules": "kJ",
    "_percentage": "%",
    "_calories": "kcal",
    "_seconds": "s",
    "_minutes": "min",
    "_meters": "m",
    "_watts": "W",
    "_watt": "W",
    "_days": "days",
    "_bpm": "1/min",
    "_rpm": "1/min",
    "_kg": "kg",
    "_kj": "kJ",
    "_mg": "mg",
    "_mm": "mm",
    "_ml": "ml",
    "_ms": "ms",
    "_cm": "cm",
    "_uV": "µV",
    "_bp": "mmHg",
    "_g": "g",
}


def unit_of(name: str) -> str:
    """Nothing where the name does not say."""
    return next((unit for end, unit in _UNITS.items() if f"_{name}".endswith(end)), "")


def without_unit(name: str) -> str:
    """`name` without what says its unit, as far as anything is left then."""
    end = next((end for end in _UNITS if f"_{name}".endswith(end)), "")
    # Of what is counted by the minute, the unit says only that.
    return name.removesuffix("_per_min" if end == "_breaths_per_min" else end) or name
