"""Where an end user may be sent."""

import pytest

from wearable_gateway.connect.redirects import check_redirect_url, with_parameters
from wearable_gateway.errors import InvalidInputError

ALLOWED = [
    "https://app.example/done",
    "http://localhost:3000/done?a=b#c",
    "myapp://connected",
    "com.example.app:/oauth",
    "exp+myapp://x",
    "HTTPS://APP.EXAMPLE/",
    "https://app.example/%E2%9C%93?next=%2F",
]
REFUSED = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://app.example/x",
    "about:blank",
    "view-source:https://app.example",
    "//app.example",
    "/done",
    "app.example",
    "https:///done",
    "https:app.example",
    "https:/app.example",
    "https://user:pw@app.example/",
    "https://user@app.example/",
    "https://app.example:99999/",
    "https://[::1/",
    "https://app.example/\\evil",
    "https://app.example/ x",
    "https://app.example/\u2028x",
    "https://app.example/" + "x" * 2048,
    "1app://x",
    "://x",
]


@pytest.mark.parametrize("url", ALLOWED)
def test_addresses_and_deep_links_are_allowed(url: str) -> None:
    assert check_redirect_url("auth_success_redirect_url", url) == url


@pytest.mark.parametrize("url", REFUSED)
def test_what_a_browser_would_run_or_misread_is_refused_by_name(url: str) -> None:
    with pytest.raises(InvalidInputError, match="auth_success_redirect_url"):
        check_redirect_url("auth_success_redirect_url", url)


@pytest.mark.parametrize("url", [None, ""])
def test_none_is_fine(url: str | None) -> None:
    assert check_redirect_url("auth_success_redirect_url", url) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x", "https://a.example/x?user_id=1"),
        ("https://a.example/x?b=c", "https://a.example/x?b=c&user_id=1"),
        ("https://a.example/x?user_id=forged&b=", "https://a.example/x?b=&user_id=1"),
        ("https://a.example/x?b=c#part", "https://a.example/x?b=c&user_id=1#part"),
        ("myapp://done", "myapp://done?user_id=1"),
    ],
)
def test_our_parameters_join_what_stood_there(url: str, expected: str) -> None:
    assert with_parameters(url, {"user_id": "1"}) == expected
