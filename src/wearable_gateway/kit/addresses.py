"""May a webhook be sent to this address?

A developer names the URL, the gateway's machine dials it: what only this machine can reach is refused, whichever way
it is written. `ipaddress.is_global` is not enough: it calls 64:ff9b::127.0.0.1 and 2002:7f00:1:: global.
"""

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from wearable_gateway.errors import SettingsError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_REFUSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches the machine itself
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers; Alibaba's metadata service
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's metadata service, in a public range
        "169.254.0.0/16",  # link-local; most clouds' metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocol assignments; Oracle's metadata service
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_REFUSED_V6 = tuple(
    IPv6Network(network)
    for network in (
        "::/8",  # unspecified, loopback, IPv4-compatible, IPv4-translated
        "64:ff9b::/32",  # NAT64, except where the address in it decides (below)
        "::/3",  # the rest below 2000::/3: discard-only 100::/64, unassigned
        "2001::/23",  # IETF protocol assignments: Teredo 2001::/32, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address past a list of those
        "3fff::/20",  # documentation
        "4000::/2",  # unassigned; SRv6 5f00::/16
        "8000::/1",  # unassigned; fc00::/7 private, fe80::/10 link-local, fec0::/10 site-local, ff00::/8 multicast
    )
)
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_LOOPBACK: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))

# Interface identifiers of ISATAP, https://www.rfc-editor.org/rfc/rfc5214#section-6.1: an IPv4 address behind 0:5efe.
_ISATAP_IDENTIFIERS = frozenset({0x0000_5EFE, 0x0200_5EFE})


def _embedded(address: Address) -> Address:
    """The IPv4 address that is really dialled through a mapped or NAT64 one; else the address itself."""
    if isinstance(address, IPv6Address) and (address in _MAPPED or address in _NAT64):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    if (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP_IDENTIFIERS:
        return False
    return address.scope_id is None and not any(address in network for network in _REFUSED_V6)


class AddressPolicy:
    def __init__(self, allowed: tuple[Network, ...] = (), *, https_only: bool = False) -> None:
        """`allowed` are networks the operator opens although they are refused otherwise."""
        self._allowed = allowed
        self.https_only = https_only

    @classmethod
    def parse(cls, text: str, *, https_only: bool = False) -> "AddressPolicy":
        """Read `10.1.0.0/16, fd00::/8`. Raises SettingsError."""
        entries = [entry for entry in (part.strip() for part in text.split(",")) if entry]
        try:
            return cls(tuple(ip_network(entry) for entry in entries), https_only=https_only)
        except ValueError as error:
            raise SettingsError(
                f"GATEWAY_ALLOW_PRIVATE_NETWORKS takes CIDR ranges such as 10.1.0.0/16,fd00::/8: {error}"
            ) from error

    @classmethod
    def allowing_loopback(cls) -> "AddressPolicy":
        """For a gateway that is tried out on one machine."""
        return cls(_LOOPBACK)

    def is_allowed(self, address: Address | str) -> bool:
        """False as well for text that is no address."""
        try:
            dialled = _embedded(ip_address(address) if isinstance(address, str) else address)
        except ValueError:
            return False
        return _is_public(dialled) or any(dialled in network for network in self._allowed)
