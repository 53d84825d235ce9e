"""Who is an account's person? Made up: no name, town or address here is anybody's."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from wearable_gateway.sandbox.data.profile import Profile, draws, identify

_GIVEN = {
    "female": ("Avelia", "Brinna", "Corisande", "Delphira", "Elowyn", "Fenella"),
    "male": ("Aldwin", "Bramwell", "Corvin", "Drystan", "Evander", "Florin"),
}
_FAMILY = ("Sampleton", "Testwell", "Mockridge", "Dummond", "Fakenham", "Placeholt", "Tryfield", "Demoray")
_PLACES = (
    ("Exampleford", "Northshire", "GB"),
    ("Beispielstadt", "Niederbeispiel", "DE"),
    ("Port Sample", "New Specimen", "US"),
    ("Essai-sur-Mer", "Haute-Ébauche", "FR"),
    ("Pruebanueva", "Ensayo", "ES"),
)
_FIRST_BIRTHDAY, _BIRTHDAYS = date(1958, 1, 1), 46 * 365
_FIRST_JOINED, _JOINED = date(2018, 1, 1), 7 * 365


@dataclass(frozen=True)
class Person:
    sex: str
    born_on: date
    height_m: float
    weight_g: int

    @property
    def has_cycle(self) -> bool:
        return self.sex == "female"


def person_of(profile: Profile) -> Person:
    sex = draws(profile.account_id, "somebody").choice(("female", "male"))
    draw = draws(profile.account_id, "figure")
    height_m = round(draw.uniform(1.54, 1.81) + (0.1 if sex == "male" else 0), 2)
    return Person(
        sex=sex,
        born_on=_FIRST_BIRTHDAY + timedelta(days=draw.randrange(_BIRTHDAYS)),
        height_m=height_m,
        weight_g=round(draw.uniform(19.5, 28.5) * height_m**2 * 1000),
    )


def account_of(profile: Profile, today: date) -> dict[str, Any]:
    """What the account page of a vendor says about its owner; the day only decides the age."""
    person, draw = person_of(profile), draws(profile.account_id, "account")
    given, family = draw.choice(_GIVEN[person.sex]), draw.choice(_FAMILY)
    town, region, country = draw.choice(_PLACES)
    had_birthday = (today.month, today.day) >= (person.born_on.month, person.born_on.day)
    return {
        "account_id": profile.account_id,
        "given_name": given,
        "family_name": family,
        # RFC 2606 keeps this domain from everybody.
        "email": f"{given}.{family}.{profile.account_id[-6:]}@sandbox.example".lower(),
        "sex": person.sex,
        "born_on": person.born_on.isoformat(),
        "age": today.year - person.born_on.year - (not had_birthday),
        "about": f"Made up. Likes to be outside in {town}.",
        "town": town,
        "region": region,
        "country": country,
        "joined_on": (_FIRST_JOINED + timedelta(days=draw.randrange(_JOINED))).isoformat(),
        "devices": [
            {
                "model": "Sandbox Band",
                "maker": "Sandbox Wearables",
                "serial": identify("dev", profile.account_id, "band"),
                "firmware": f"2.{draw.randint(0, 9)}.{draw.randint(0, 20)}",
            }
        ],
    }
