"""The token endpoint: an access token that lasts for another hour is given out once more."""

from collections.abc import Mapping

from starlette.responses import Response

from wearable_gateway.simulators._base.book import Person, TokenSet
from wearable_gateway.simulators._base.tokens import TokenEndpoint
from wearable_gateway.simulators.strava.refusals import refused

_AN_HOUR = 3600


class Tokens(TokenEndpoint):
    def _refresh(self, form: Mapping[str, str]) -> Response:
        given = form.get("refresh_token", "")
        tokens = next(
            (one for one in self._vendor.book.tokens.values() if given and one.refresh == given), None
        )
        if tokens is None or tokens.used:
            return refused(400, "Bad Request", "RefreshToken", "refresh_token")
        if tokens.ends - self._vendor.clock() > _AN_HOUR:
            return self._vendor.token_answer(tokens, self._vendor.book.people[tokens.name], first=False)
        return super()._refresh(form)


def body_of(tokens: TokenSet, now: float, athlete: Mapping[str, object] | None) -> dict[str, object]:
    """Only who redeems a code is told whose tokens they are; the scopes stood in the redirect."""
    body: dict[str, object] = {
        "token_type": "Bearer",
        "expires_at": int(tokens.ends),
        "expires_in": int(tokens.ends - now),
        "refresh_token": tokens.refresh,
        "access_token": tokens.access,
    }
    return body if athlete is None else {**body, "athlete": athlete}


def athlete_of(person: Person) -> dict[str, object]:
    return {
        "id": int(person.id),
        "username": person.name,
        "resource_state": 2,
        "firstname": person.name.title(),
        "lastname": "Testwell",
        "bio": "Made up.",
        "city": "Exampleford",
        "state": "Northshire",
        "country": "United Kingdom",
        "sex": "F",
        "premium": True,
        "summit": True,
        "created_at": "2017-11-28T19:05:35Z",
        "updated_at": "2026-07-01T01:44:15Z",
        "weight": None,
    }
