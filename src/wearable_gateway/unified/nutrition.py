"""What a person ate and drank in a day."""

from enum import IntEnum
from typing import Annotated

from pydantic import PlainSerializer

from wearable_gateway.unified.common import SpanMetadata
from wearable_gateway.unified.fields import Group


class MealType(IntEnum):
    UNKNOWN = 0
    BREAKFAST = 1
    MORNING_SNACK = 2
    LUNCH = 3
    AFTERNOON_SNACK = 4
    DINNER = 5
    SNACK = 6


class NutritionUnits(IntEnum):
    UNKNOWN = 0
    GRAM = 1
    TEASPOON = 2
    TABLESPOON = 3
    CUP = 4
    MEDIUM_EGG = 5
    LARGE_EGG = 6
    SMALL_EGG = 7
    MILLILITER = 8
    OUNCE = 9
    COUNT = 10
    SCOOP = 11
    FLUID_OUNCE = 12


DrinkUnit = Annotated[NutritionUnits, PlainSerializer(lambda unit: str(unit.value), return_type=str)]
"""A unit whose number goes out as a string: the SDK takes only that for a drink, and only a number for a meal."""


class DrinkSample(Group):
    timestamp: str | None = None
    drink_name: str | None = None
    drink_volume: float | None = None
    drink_unit: DrinkUnit | None = None


class NutritionMacros(Group):
    calories: float | None = None
    carbohydrates_g: float | None = None
    net_carbohydrates_g: float | None = None
    sugar_g: float | None = None
    fiber_g: float | None = None
    fat_g: float | None = None
    saturated_fat_g: float | None = None
    trans_fat_g: float | None = None
    cholesterol_mg: float | None = None
    protein_g: float | None = None
    sodium_mg: float | None = None
    alcohol_g: float | None = None


class NutritionMicros(Group):
    biotin_mg: float | None = None
    caffeine_mg: float | None = None
    calcium_mg: float | None = None
    sodium_mg: float | None = None
    chloride_mg: float | None = None
    chromium_mg: float | None = None
    copper_mg: float | None = None
    folate_mg: float | None = None
    folic_acid_mg: float | None = None
    iodine_mg: float | None = None
    iron_mg: float | None = None
    magnesium_mg: float | None = None
    manganese_mg: float | None = None
    molybdenum_mg: float | None = None
    niacin_mg: float | None = None
    pantothenic_acid_mg: float | None = None
    phosphorus_mg: float | None = None
    potassium_mg: float | None = None
    riboflavin_mg: float | None = None
    selenium_mg: float | None = None
    thiamin_mg: float | None = None
    vitamin_A_mg: float | None = None
    vitamin_B12_mg: float | None = None
    vitamin_B6_mg: float | None = None
    vitamin_C_mg: float | None = None
    vitamin_D_mg: float | None = None
    vitamin_D2_mg: float | None = None
    vitamin_D3_mg: float | None = None
    vitamin_E_mg: float | None = None
    vitamin_K_mg: float | None = None
    zinc_mg: float | None = None
    cystine_g: float | None = None
    histidine_g: float | None = None
    isoleucine_g: float | None = None
    leucine_g: float | None = None
    lysine_g: float | None = None
    methionine_g: float | None = None
    phenylalanine_g: float | None = None
    threonine_g: float | None = None
    tryptophan_g: float | None = None
    tyrosine_g: float | None = None
    valine_g: float | None = None
    monounsaturated_fat_g: float | None = None
    polyunsaturated_fat_g: float | None = None
    omega3_g: float | None = None
    omega6_g: float | None = None
    starch_g: float | None = None


class NutritionQuantity(Group):
    unit: NutritionUnits
    amount: float


class Meal(Group):
    id: str
    timestamp: str
    name: str
    type: MealType
    quantity: NutritionQuantity
    macros: NutritionMacros
    micros: NutritionMicros


class NutritionSummary(Group):
    macros: NutritionMacros | None = None
    micros: NutritionMicros | None = None
    water_ml: float | None = None
    drink_ml: float | None = None


class Nutrition(Group):
    metadata: SpanMetadata
    summary: NutritionSummary | None = None
    meals: list[Meal] | None = None
    drink_samples: list[DrinkSample] | None = None
