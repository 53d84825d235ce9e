"""Documents as the simulated vendor sends them, made by hand."""

from typing import Any

A_DAY = {"date": "2026-11-21", "utc_offset": "-05:00", "revision": 0}
BODY: dict[str, Any] = A_DAY | {
    "weigh_ins": [
        {
            "at": "2026-11-21T07:00:00-05:00",
            "weight_g": 72_000,
            "height_m": 1.8,
            "fat_share": 0.229,
            "water_share": 0.563,
            "muscle_g": 43_300,
            "bone_g": 3020,
            "lean_g": 55_512,
            "resting_energy_kj": 6694.4,
        },
        {"at": "2026-11-21T21:00:00-05:00", "weight_g": 73_000},
    ],
    "blood_pressures": [
        {"at": "2026-11-21T08:00:00-05:00", "systolic_mmhg": 121, "diastolic_mmhg": 79},
        {"at": "2026-11-21T21:30:00-05:00", "systolic_mmhg": 118, "diastolic_mmhg": 78},
    ],
    "glucose_series": [{"at": "2026-11-21T00:15:00-05:00", "mmol_per_l": 5.5, "trend": "up"}],
    "glucose_average_mmol_per_l": 5.0,
    "glucose_in_range_share": 0.985,
    "temperature_series": [
        {"at": "2026-11-21T06:30:00-05:00", "place": "mouth", "fahrenheit": 98.6},
        {"at": "2026-11-21T02:00:00-05:00", "place": "skin", "fahrenheit": 93.2},
    ],
    "mouth_average_fahrenheit": 98.6,
    "skin_average_fahrenheit": 93.2,
    "water_l": 2.35,
    "spo2_percent": 97.2,
    "vo2max_ml_per_kg_min": 44.1,
}
CYCLE: dict[str, Any] = A_DAY | {
    "cycle_day": 9,
    "cycle_started_on": "2026-11-13",
    "cycle_days": 28,
    "predicted": True,
    "bleeding_days": 5,
    "phase": "fertile",
    "phase_days": 5,
    "days_to_next_phase": 5,
    "fertile_from": "2026-11-21",
    "fertile_until": "2026-11-26",
    "ovulates_on": "2026-11-26",
    "phases": [{"phase": "bleeding", "from": "2026-11-13", "until": "2026-11-17"}],
    "flow": [{"at": "2026-11-21T20:30:00-05:00", "strength": "heavy"}],
    "noted_at": "2026-11-21T21:00:00-05:00",
}
NUTRIENTS = {
    "energy_kj": 2092.0,
    "carbohydrates_g": 62.5,
    "sugars_g": 18.1,
    "fibre_g": 7.4,
    "fat_g": 17.0,
    "saturates_g": 5.5,
    "protein_g": 21.0,
    "salt_g": 1.5,
    "cholesterol_mg": 12.0,
    "vitamin_c_mg": 30.5,
    "vitamin_b12_ug": 1.2,
    "folate_ug": 80.0,
    "stardust_g": 1.0,
}
DIARY: dict[str, Any] = A_DAY | {
    "meals": [
        {
            "id": "mea_1",
            "at": "2026-11-21T12:40:00-05:00",
            "name": "Lentil soup",
            "occasion": "lunch",
            "amount": 350,
            "unit": "g",
            "nutrients": NUTRIENTS,
        },
        {"id": "mea_2", "at": "2026-11-21T16:00:00-05:00", "name": "Something"},
    ],
    "drinks": [{"id": "drk_1", "at": "2026-11-21T09:00:00-05:00", "name": "Water", "ml": 300}],
    "totals": {"nutrients": NUTRIENTS, "water_ml": 300, "other_drinks_ml": 180},
}
PROFILE: dict[str, Any] = {
    "account_id": "acc_1",
    "given_name": "Avelia",
    "family_name": "Testwell",
    "email": "avelia@sandbox.example",
    "sex": "female",
    "born_on": "1984-02-29",
    "age": 42,
    "about": "Made up.",
    "town": "Exampleford",
    "region": "Northshire",
    "country": "GB",
    "joined_on": "2021-05-04",
    "devices": [
        {"model": "Sandbox Band", "maker": "Sandbox Wearables", "serial": "dev_1", "firmware": "2.1"}
    ],
}
PLAN: dict[str, Any] = {
    "id": "pln_1",
    "starts_at": "2026-11-21T18:00:00-05:00",
    "created_at": "2026-11-14T10:00:00-05:00",
    "by_coach": True,
    "sport": "run",
    "title": "4 times 400 m",
    "notes": "Run tall.",
    "minutes": 41,
    "distance_km": 5.4,
    "energy_kj": 1840.96,
    "steps": [
        {
            "title": "Warm up",
            "effort": "warm_up",
            "lasts": {"seconds": 600},
            "aims": [{"of": "heart_rate", "from": 120, "to": 140}],
        },
        {
            "title": "Main set",
            "times": 4,
            "steps": [
                {
                    "title": "Fast",
                    "effort": "hard",
                    "lasts": {"metres": 400},
                    "aims": [{"of": "pace", "seconds_per_km": 270}],
                },
                {
                    "title": "Jog",
                    "effort": "recover",
                    "lasts": {"open": True},
                    "aims": [{"of": "speed", "kmh": 9}],
                },
            ],
        },
    ],
}
HORMONES = {
    "id": "hrm_1",
    "taken_at": "2026-11-21T06:40:00-05:00",
    "lh_iu_per_l": 41.2,
    "e3g_ug_per_l": 210.5,
    "pdg_mg_per_l": 1.8,
    "fsh_iu_per_l": 6.1,
    "revision": 0,
}
OBSERVATION: dict[str, Any] = {
    "id": "obs_1",
    "what": "headache",
    "group": "symptom",
    "noted_at": "2026-11-21T10:00:00-05:00",
    "until": "2026-11-21T11:30:00-05:00",
    "severity": "moderate",
    "codes": [{"system": "http://snomed.info/sct", "code": "25064002", "label": "Headache"}],
    "answer": {"number": 6.0, "unit": "of 10"},
    "parts": [{"code": "aura", "answer": {"yes": False}}],
    "note": "After lunch.",
    "corrected": True,
}
