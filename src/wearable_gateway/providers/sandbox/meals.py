"""`/v1/meals`: what was eaten and drunk in a day, read and written."""

from collections.abc import Mapping
from typing import Any

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.sandbox.document import Day, Document, Moment
from wearable_gateway.providers.sandbox.nutrients import nutrients_to_write, read_nutrients
from wearable_gateway.providers.sandbox.units import scaled
from wearable_gateway.providers.sandbox.writing import required_time, stated, time_or
from wearable_gateway.unified.nutrition import (
    DrinkSample,
    Meal,
    MealType,
    Nutrition,
    NutritionMacros,
    NutritionMicros,
    NutritionQuantity,
    NutritionSummary,
    NutritionUnits,
)
from wearable_gateway.unified.records import DataType, Record

_OCCASIONS = {
    "breakfast": MealType.BREAKFAST,
    "morning_snack": MealType.MORNING_SNACK,
    "lunch": MealType.LUNCH,
    "afternoon_snack": MealType.AFTERNOON_SNACK,
    "dinner": MealType.DINNER,
    "snack": MealType.SNACK,
}
_OCCASION_WORDS = {kind: word for word, kind in _OCCASIONS.items()}
_UNITS = {"g": NutritionUnits.GRAM, "ml": NutritionUnits.MILLILITER, "piece": NutritionUnits.COUNT}
_ML = {NutritionUnits.MILLILITER: 1.0, NutritionUnits.FLUID_OUNCE: 29.5735}


class Eaten(Document):
    id: str
    at: Moment
    name: str
    occasion: str | None = None
    amount: float | None = None
    unit: str | None = None
    nutrients: Mapping[str, float | None] = {}


class Drunk(Document):
    at: Moment
    name: str | None = None
    ml: float | None = None


class Totals(Document):
    nutrients: Mapping[str, float | None] = {}
    water_ml: float | None = None
    other_drinks_ml: float | None = None


class DiaryDay(Day):
    meals: tuple[Eaten, ...] = ()
    drinks: tuple[Drunk, ...] = ()
    totals: Totals = Totals()


def nutrition(day: DiaryDay) -> Record:
    totals = day.totals
    body = Nutrition(
        metadata=day.span,
        summary=NutritionSummary(
            macros=read_nutrients(NutritionMacros, totals.nutrients),
            micros=read_nutrients(NutritionMicros, totals.nutrients),
            water_ml=totals.water_ml,
            drink_ml=totals.other_drinks_ml,
        ),
        meals=[_meal(meal) for meal in day.meals],
        drink_samples=[
            DrinkSample(
                timestamp=wire_time(drink.at),
                drink_name=drink.name,
                drink_volume=drink.ml,
                drink_unit=NutritionUnits.MILLILITER,
            )
            for drink in day.drinks
        ],
    )
    return Record(DataType.NUTRITION, day.day.isoformat(), day.day, body.model_dump(mode="json"))


def _meal(meal: Eaten) -> Meal:
    return Meal(
        id=meal.id,
        timestamp=wire_time(meal.at),
        name=meal.name,
        type=_OCCASIONS.get(meal.occasion or "", MealType.UNKNOWN),
        quantity=_quantity(meal),
        macros=read_nutrients(NutritionMacros, meal.nutrients),
        micros=read_nutrients(NutritionMicros, meal.nutrients),
    )


def _quantity(meal: Eaten) -> NutritionQuantity:
    """A meal of which the diary knows no amount is one meal: Terra asks for a number."""
    if meal.amount is None:
        return NutritionQuantity(unit=NutritionUnits.COUNT, amount=1)
    return NutritionQuantity(
        unit=_UNITS.get(meal.unit or "", _unit_named(meal.unit or "")), amount=meal.amount
    )


def _unit_named(word: str) -> NutritionUnits:
    return NutritionUnits.__members__.get(word.upper(), NutritionUnits.UNKNOWN)


def _unit_word(unit: NutritionUnits) -> str:
    return next((word for word, known in _UNITS.items() if known is unit), unit.name.lower())


def meals_to_write(record: Nutrition) -> dict[str, Any]:
    start = required_time("metadata.start_time", record.metadata.start_time)
    return stated(
        {
            "started_at": start,
            "meals": [_meal_to_write(meal, start) for meal in record.meals or []],
            "drinks": _drinks_to_write(record.drink_samples or [], start),
        }
    )


def _meal_to_write(meal: Meal, start: str) -> dict[str, Any]:
    return stated(
        {
            "at": time_or(meal.timestamp, start),
            "name": meal.name,
            "occasion": _OCCASION_WORDS.get(meal.type),
            "amount": meal.quantity.amount,
            "unit": _unit_word(meal.quantity.unit),
            "nutrients": nutrients_to_write(meal.micros) | nutrients_to_write(meal.macros),
        }
    )


def _drinks_to_write(drinks: list[DrinkSample], start: str) -> list[dict[str, Any]]:
    """Those whose volume is known in a unit that means the same everywhere."""
    return [
        {
            "at": time_or(drink.timestamp, start),
            "name": drink.drink_name or "Water",
            "ml": scaled(drink.drink_volume, _ML[drink.drink_unit]),
        }
        for drink in drinks
        if drink.drink_volume is not None and drink.drink_unit in _ML
    ]
