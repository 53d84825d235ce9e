"""What is kept in an end user's browser. Nothing of it says who they are."""

from fastapi import Response

from wearable_gateway.connect.service import CALLBACK_PATH, LIFETIME
from wearable_gateway.web.cookies import only_over_https
from wearable_gateway.web.deps import Services

BROWSER = "wg_browser"
"""The secret that binds a flow to the browser it began in."""
LANGUAGE = "wg_language"
"""What was chosen with the language switch."""
LEFT_IN = "wg_left_in"
"""The language of the page that was left for the provider, for when nobody can tell which flow comes back."""
RECENT = "wg_recent"
"""The providers that were chosen last, by their slugs."""
ENDED = "wg_ended"
"""Which flow ended in this browser, so that its last page can be loaded again."""

_FLOW_SECONDS = int(LIFETIME.total_seconds())
_PAGES = ("/connect", "/widget")
_RECENT_SECONDS = 180 * 24 * 3600
_MOST_RECENT = 3


def keep(answer: Response, svc: Services, name: str, value: str, *, path: str, seconds: int) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        httponly=True,
        samesite="lax",
        secure=only_over_https(svc.public_url),
    )


def keep_browser(answer: Response, svc: Services, secret: str) -> None:
    keep(answer, svc, BROWSER, secret, path="/connect", seconds=_FLOW_SECONDS)


def keep_language(answer: Response, svc: Services, code: str) -> None:
    for path in _PAGES:
        keep(answer, svc, LANGUAGE, code, path=path, seconds=_FLOW_SECONDS)


def keep_left_in(answer: Response, svc: Services, code: str) -> None:
    keep(answer, svc, LEFT_IN, code, path=CALLBACK_PATH, seconds=_FLOW_SECONDS)


def keep_ended(answer: Response, svc: Services, value: str) -> None:
    keep(answer, svc, ENDED, value, path=CALLBACK_PATH, seconds=_FLOW_SECONDS)


def read_recent(value: str | None) -> list[str]:
    """Slugs, newest first; whether there are such providers is for the caller to see."""
    return list(dict.fromkeys((value or "").split(".", _MOST_RECENT)[:_MOST_RECENT])) if value else []


def keep_recent(answer: Response, svc: Services, slug: str, before: str | None) -> None:
    known = (one for one in read_recent(before) if one.isascii() and one.isidentifier())
    slugs = list(dict.fromkeys([slug, *known]))[:_MOST_RECENT]
    # Read where one chooses, and where the next one is put in front.
    for path in _PAGES:
        keep(answer, svc, RECENT, ".".join(slugs), path=path, seconds=_RECENT_SECONDS)
