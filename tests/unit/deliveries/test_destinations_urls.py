from collections.abc import Awaitable, Callable

import pytest

from wearable_gateway.deliveries.urls import check_url
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.kit.addresses import AddressPolicy

PUBLIC = AddressPolicy()


def answering(*addresses: str) -> Callable[[str], Awaitable[list[str]]]:
    """A name server: everything has these addresses."""

    async def resolve(_host: str) -> list[str]:
        return list(addresses)

    return resolve


async def unknown(_host: str) -> list[str]:
    raise OSError("Name or service not known")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com/webhooks?tenant=1&x=%20",
        "http://example.com:8080/a/b",
        "https://bücher.example/",
        "https://example.com./",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]:8443/x",
        "https://example.com:65535/",
        "HTTPS://EXAMPLE.COM/",
    ],
)
async def test_a_public_url_is_taken(url: str) -> None:
    await check_url(url, PUBLIC, answering("8.8.8.8"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "/hook",
        "//example.com/hook",
        "ftp://example.com",
        "file:///etc/passwd",
        "gopher://example.com",
        "javascript:alert(1)",
        "http://",
        "http:///path",
        "http://:80/",
        "https://user:password@example.com/",
        "https://user@example.com/",
        "https://@example.com/",
        "https://example.com/#part",
        "https://example.com/#",
        "https://example.com:0/",
        "https://example.com:70000/",
        "https://example.com:x/",
        "https://exa mple.com/",
        " https://example.com/",
        "https://example.com/\n",
        "https://example.com/\r\nx-injected: 1",
        "https://example.com/\x00",
        "https://example.com\\@evil.test/",
        "https://example.com/\u202e",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://example.com/" + "a" * 2048,
    ],
)
async def test_a_url_that_is_not_plain_is_refused(url: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid url"):
        await check_url(url, PUBLIC, answering("8.8.8.8"))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:8000/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[fd00:ec2::254]/",
        "http://１２７.0.0.1/",  # noqa: RUF001 - full-width digits on purpose
    ],
)
async def test_a_private_address_is_refused_and_the_operators_way_out_is_named(url: str) -> None:
    with pytest.raises(InvalidInputError, match="GATEWAY_ALLOW_PRIVATE_NETWORKS"):
        await check_url(url, PUBLIC, unknown)


async def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="private or reserved"):
        await check_url("https://example.com/", PUBLIC, answering("8.8.8.8", "10.0.0.1"))


async def test_the_systems_own_names_are_looked_up_too() -> None:
    with pytest.raises(InvalidInputError, match="localhost leads into a private"):
        await check_url("http://localhost:8000/", PUBLIC)


@pytest.mark.parametrize("resolve", [unknown, answering()])
async def test_a_name_that_does_not_resolve_is_refused(
    resolve: Callable[[str], Awaitable[list[str]]],
) -> None:
    with pytest.raises(InvalidInputError, match="does not resolve"):
        await check_url("https://nowhere.example/", PUBLIC, resolve)


async def test_an_operator_may_open_a_network() -> None:
    await check_url("http://10.1.2.3/hook", AddressPolicy.parse("10.1.0.0/16"), unknown)


async def test_an_operator_may_demand_https() -> None:
    policy = AddressPolicy(https_only=True)
    await check_url("https://example.com/", policy, answering("8.8.8.8"))
    with pytest.raises(InvalidInputError, match="https://"):
        await check_url("http://example.com/", policy, answering("8.8.8.8"))
