import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from .walks import ASKED, EVERYTHING, REDIRECT, Walk, hidden_fields


async def test_a_person_who_allows_comes_back_with_a_code_and_the_state(walk: Walk) -> None:
    back = await walk.consent()
    assert back.keys() == {"code", "state"}
    assert back["state"] == "state & more"


async def test_a_person_who_refuses_comes_back_with_an_error_and_the_state(walk: Walk) -> None:
    back = await walk.consent(answer="refuse", account="")
    assert back["error"] == "access_denied"
    assert back["state"] == "state & more"


async def test_an_unticked_scope_is_not_granted(walk: Walk) -> None:
    tokens = await walk.connect(scopes=["daily", "activity"])
    assert tokens["scope"] == "daily activity"
    refused = await walk.get(
        "/v1/sleeps", tokens["access_token"], **{"from": "2026-11-01", "to": "2026-11-02"}
    )
    assert (refused.status_code, refused.json()) == (403, {"error": "insufficient_scope"})


async def test_everything_asked_for_is_shown_ticked_with_words_for_people(walk: Walk) -> None:
    page = await walk.http.get("/oauth/authorize", params=ASKED | {"scope": EVERYTHING})
    boxes = re.findall(r'<input type="checkbox" id="[^"]*" name="scope" value="([^"]*)" checked>', page.text)
    assert boxes == EVERYTHING.split()
    titles = re.findall(r"<span><strong>([^<]+)</strong><small>([^<]+)</small></span>", page.text)
    assert len(set(titles)) == len(boxes)


@pytest.mark.parametrize(
    "changes",
    [{"scopes": []}, {"scopes": ["everything"]}, {"account": "a b"}, {"account": "a" * 65}, {"account": "é"}],
)
async def test_a_form_that_cannot_be_accepted_is_shown_again(walk: Walk, changes: dict[str, Any]) -> None:
    answer = await walk.answer_form(**changes)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert hidden_fields(answer.text)["state"] == "state & more"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": ""},
        {"redirect_uri": "https://elsewhere.test/"},
        {"redirect_uri": f"{REDIRECT}/deeper"},
        {"redirect_uri": '"\\\u2028<script>'},
        {"client_id": ["app", "app"]},
        {"scope": ["daily", "sleep"]},
    ],
)
async def test_a_request_that_cannot_be_trusted_gets_a_page_and_no_redirect(
    walk: Walk, changes: dict[str, Any]
) -> None:
    answer = await walk.http.get("/oauth/authorize", params=ASKED | changes)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": 'a"\\\u2028'}, "unsupported_response_type"),
        ({"scope": "daily secrets"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
    ],
)
async def test_a_client_that_asks_wrongly_is_told_at_its_own_address(
    walk: Walk, changes: dict[str, str], error: str
) -> None:
    answer = await walk.http.get("/oauth/authorize", params=ASKED | changes)
    assert answer.status_code == 303
    told = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    assert (told["error"], told["state"]) == (error, "state & more")


async def test_a_form_carries_its_request_unchanged_or_is_refused(walk: Walk) -> None:
    page = await walk.http.get("/oauth/authorize", params=ASKED | {"scope": "daily"})
    fields = hidden_fields(page.text) | {"account": "ada", "answer": "allow", "scope": "daily sleep"}
    assert (
        await walk.http.post("/oauth/authorize", data=fields | {"requested": "daily sleep"})
    ).status_code == 400
    assert (await walk.http.post("/oauth/authorize", data=fields | {"seal": "1.2"})).status_code == 400
    walk.clock.now += 3601
    assert (await walk.http.post("/oauth/authorize", data=fields)).status_code == 400


async def test_pages_may_load_nothing_from_elsewhere(walk: Walk) -> None:
    page = await walk.http.get("/oauth/authorize", params=ASKED)
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "form-action" not in policy
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert (await walk.http.get("/static/sandbox.css")).status_code == 200
