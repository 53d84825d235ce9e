"""A day's carbohydrates as one nutrition record."""

from datetime import date

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.dexcom.bodies import span
from wearable_gateway.providers.dexcom.document import Document
from wearable_gateway.providers.dexcom.events import Event, EventType, of_type
from wearable_gateway.unified.nutrition import (
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


class EventDay(Document):
    """The events of one local day, put together by `fetch`."""

    day: date = Field(alias="date", lt=date.max)
    events: tuple[Event, ...] = ()


def nutrition(day: EventDay) -> Record | None:
    """The day's record; None when no carbohydrates were entered, not even by mistake."""
    entered = of_type(day.events, EventType.CARBS)
    if not entered:
        return None
    grams = [event.amount("grams") for event in entered if not event.is_deleted]
    body = Nutrition(
        metadata=span(day.day, [*entered]),
        summary=NutritionSummary(macros=NutritionMacros(carbohydrates_g=_sum(grams))),
        meals=[_meal(event) for event in entered if not event.is_deleted],
    )
    return Record(DataType.NUTRITION, day.day.isoformat(), day.day, body.model_dump(mode="json"))


def _sum(grams: list[float | None]) -> float | None:
    known = [gram for gram in grams if gram is not None]
    return round(sum(known), 4) if len(known) == len(grams) else None


def _meal(event: Event) -> Meal:
    """Nobody says what was eaten: it is called what the vendor calls it, and is one of it."""
    at = wire_time(event.moment)
    return Meal(
        id=event.record_id or at,
        timestamp=at,
        name=EventType.CARBS,
        type=MealType.UNKNOWN,
        quantity=NutritionQuantity(unit=NutritionUnits.COUNT, amount=1),
        macros=NutritionMacros(carbohydrates_g=event.amount("grams")),
        micros=NutritionMicros(),
    )
