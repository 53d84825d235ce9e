import ipaddress
import socket

import pytest

from wearable_gateway.errors import SettingsError
from wearable_gateway.kit.addresses import AddressPolicy

REFUSED = [
    "0.0.0.0",  # noqa: S104 - judged, not bound
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "1000::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "8000::1",
    "fc00::1",
    "fd00:ec2::254",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "2606:4700::5efe:7f00:1",
    "2606:4700::200:5efe:10.0.0.1",
    "",
    "example.com",
    "127.1",
    "0x7f.0.0.1",
    "2130706433",
]

ALLOWED = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "100.63.255.255",
    "100.128.0.1",
    "128.0.0.1",
    "168.63.129.15",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.1",
    "192.167.255.255",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "2a00:1450:4001::200e",
]

# How the system reads what people write instead of 127.0.0.1; a name server could answer the same.
SPELLINGS = [
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "localhost",
]


@pytest.mark.parametrize("address", REFUSED)
def test_what_only_this_machine_or_its_network_can_reach_is_refused(address: str) -> None:
    assert not AddressPolicy().is_allowed(address)


@pytest.mark.parametrize("address", ALLOWED)
def test_what_everybody_can_reach_is_allowed(address: str) -> None:
    assert AddressPolicy().is_allowed(address)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_loopback_that_the_system_understands_is_refused(spelling: str) -> None:
    found = {str(info[4][0]) for info in socket.getaddrinfo(spelling, None, type=socket.SOCK_STREAM)}
    assert found
    assert not any(AddressPolicy().is_allowed(address) for address in found)


def test_what_python_calls_global_is_not_trusted() -> None:
    tricky = ["64:ff9b::127.0.0.1", "2002:7f00:1::", "fec0::1", "224.0.0.1", "192.88.99.1"]
    assert not any(AddressPolicy().is_allowed(ipaddress.ip_address(address)) for address in tricky)


def test_an_operator_opens_single_networks() -> None:
    policy = AddressPolicy.parse(" 10.1.0.0/16 , fd00::/8,")
    opened = ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "fd00::7"]
    assert [policy.is_allowed(address) for address in opened] == [True] * 4
    assert not policy.is_allowed("10.2.0.1")
    assert not policy.is_allowed("127.0.0.1")


def test_nothing_is_open_by_default() -> None:
    assert not AddressPolicy.parse("").is_allowed("127.0.0.1")


@pytest.mark.parametrize("text", ["10.1.0.0/33", "private", "10.1.2.3/16", "10.0.0.0/8;fd00::/8"])
def test_nonsense_in_the_settings_is_named(text: str) -> None:
    with pytest.raises(SettingsError, match="GATEWAY_ALLOW_PRIVATE_NETWORKS"):
        AddressPolicy.parse(text)


def test_loopback_can_be_opened_to_try_the_gateway_out() -> None:
    policy = AddressPolicy.allowing_loopback()
    assert all(policy.is_allowed(address) for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"))
    assert not policy.is_allowed("10.0.0.1")
