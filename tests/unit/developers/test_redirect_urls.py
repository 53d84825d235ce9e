"""Which addresses a developer allows: a beginning stands for a place, not for some characters."""

import pytest

from wearable_gateway.developers.redirect_urls import check_address, check_beginning, is_allowed
from wearable_gateway.errors import InvalidInputError

HOST = "https://app.example.com"

ALLOWED = [
    (HOST, "https://app.example.com"),
    (HOST, "https://app.example.com/"),
    (HOST, "https://app.example.com/done?next=https://evil.net#x"),
    (HOST, "HTTPS://APP.EXAMPLE.COM/done"),
    (HOST, "https://app.example.com:443/done"),
    (HOST + ":443", "https://app.example.com/done"),
    (HOST, "https://app.example.com?x"),
    (HOST, "https://app.example.com/a/../b"),
    ("http://localhost:3000", "http://localhost:3000/done"),
    (HOST + "/done", "https://app.example.com/done"),
    (HOST + "/done", "https://app.example.com/done/more?x#y"),
    (HOST + "/done", "https://app.example.com/done?x"),
    (HOST + "/done/", "https://app.example.com/done/more"),
    ("myapp://", "myapp://connected"),
    ("myapp://", "myapp:/connected"),
    ("myapp://connected", "myapp://connected/now?x"),
    ("com.example.app:/oauth", "com.example.app:/oauth?x"),
]
NOT_ALLOWED = [
    (HOST, "https://app.example.com.evil.net/"),
    (HOST, "https://app.example.comevil.net/"),
    (HOST, "https://app.example.com./"),
    (HOST, "https://evil.net/https://app.example.com"),
    (HOST, "https://evil.net#https://app.example.com"),
    (HOST, "https://evil.net?https://app.example.com"),
    (HOST, "https://sub.app.example.com/"),
    (HOST, "http://app.example.com/"),
    (HOST, "https://app.example.com:8443/"),
    (HOST, "myapp://app.example.com/"),
    (HOST, "https://app%2eexample.com/"),
    (HOST + "/done", "https://app.example.com/"),
    (HOST + "/done", "https://app.example.com/done2"),
    (HOST + "/done", "https://app.example.com/Done"),
    (HOST + "/done", "https://app.example.com/%64one"),
    (HOST + "/done", "https://app.example.com/done/../evil"),
    (HOST + "/done", "https://app.example.com/done/%2E%2e/evil"),
    (HOST + "/done", "https://app.example.com/done/.%2e"),
    (HOST + "/done/", "https://app.example.com/done"),
    ("myapp://", "myapp2://connected"),
    ("myapp://connected", "myapp://connected2"),
    ("myapp://connected", "myapp://connected@evil"),
    ("myapp://connected", "myapp://evil"),
    ("com.example.app:/oauth", "com.example.app://evil/oauth"),
]


@pytest.mark.parametrize(("beginning", "address"), ALLOWED)
def test_what_lies_under_a_beginning_is_allowed(beginning: str, address: str) -> None:
    check_beginning(beginning)
    check_address("url", address)
    assert is_allowed(address, ["https://other.example", beginning])


@pytest.mark.parametrize(("beginning", "address"), NOT_ALLOWED)
def test_what_only_looks_like_a_beginning_is_not(beginning: str, address: str) -> None:
    check_address("url", check_beginning(beginning))
    assert not is_allowed(address, [beginning])


@pytest.mark.parametrize(
    "address",
    [
        "https://app.example.com@evil.net/",
        "https://app.example.com:pw@evil.net/",
        "https://app.example.com:443:evil/",
        "https://app.example.com\\@evil.net/",
        "https://app.example.com\t.evil.net/",
        "https://app.example.com\u2100evil.net/",
    ],
)
def test_an_address_that_hides_its_host_is_none_at_all(address: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid url"):
        check_address("url", address)


@pytest.mark.parametrize(
    "beginning",
    [
        "",
        "https://",
        "app.example.com",
        "javascript:",
        "https://a.example/?x=",
        "https://a.example/#",
        "https://a@b/",
        "https://a.example/x/../y",
        "https://*.example.com/",
        "https://a.example/" + "x" * 2048,
    ],
)
def test_what_cannot_begin_an_address_is_refused_by_name(beginning: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid redirect_urls"):
        check_beginning(beginning)


def test_nothing_is_under_no_beginning() -> None:
    assert not is_allowed(HOST, [])
