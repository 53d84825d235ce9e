"""What did a person note about how they feel on a day?"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from wearable_gateway.sandbox.data.profile import Profile, draws, identify, local_iso

_NOTED_SHARE = 0.45
_SEVERITIES = ("mild", "moderate", "severe")
_SYMPTOMS = (
    ("headache", "25064002", "Headache"),
    ("fatigue", "84229001", "Fatigue"),
    ("nausea", "422587007", "Nausea"),
)
_MOODS = ("calm", "cheerful", "tense", "tired")


def observations_of(profile: Profile, day: date, revision: int) -> list[dict[str, Any]]:
    return [
        {
            "id": identify("obs", profile.account_id, day, found["what"]),
            **found,
            "corrected": revision > 0,
            "revision": revision,
        }
        for found in _noted(profile, day)
    ]


def _noted(profile: Profile, day: date) -> Iterator[dict[str, Any]]:
    draw = draws(profile.account_id, day, "observations")
    if draw.random() < _NOTED_SHARE:
        what, code, label = draw.choice(_SYMPTOMS)
        minute = draw.randint(540, 1080)
        yield {
            "what": what,
            "group": "symptom",
            "noted_at": local_iso(profile.at(day, minute)),
            "until": local_iso(profile.at(day, minute + draw.randint(30, 240))),
            "severity": draw.choice(_SEVERITIES),
            "codes": [{"system": "http://snomed.info/sct", "code": code, "label": label}],
            "note": "Made up by the simulation.",
        }
    if draw.random() < _NOTED_SHARE:
        yield {
            "what": "mood",
            "group": "state_of_mind",
            "noted_at": local_iso(profile.at(day, 1290)),
            "answer": {"words": draw.choice(_MOODS)},
            "parts": [{"code": "valence", "answer": {"number": round(draw.uniform(-1, 1), 2)}}],
        }
    if draw.random() < _NOTED_SHARE:
        yield {
            "what": "meditation",
            "group": "self_care",
            "noted_at": local_iso(profile.at(day, 1200)),
            "answer": {"number": float(draw.randint(5, 30)), "unit": "min"},
        }
