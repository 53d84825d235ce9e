"""With which settings does the server run?"""

import random
import socket
from collections.abc import Iterator

from wearable_gateway.db.embedded.errors import EmbeddedPostgresError

USER = "gateway"
HOST = "127.0.0.1"
# Below 32768: from there on systems hand out ports to outgoing connections, and one may be taken at any time.
_PORTS = range(20000, 30000)

# Written once into postgresql.conf, where the operator may change it.
SMALL_INSTANCE = """
# Set by wearable-gateway for a small machine; change what you like.
shared_buffers = 64MB
max_connections = 200
max_wal_size = 512MB
# The queue's rows come and go by the thousand: cleaned up often, they leave the least behind.
autovacuum_naptime = 10s
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
# Terse: the details of an error quote rows, and rows hold health data.
log_error_verbosity = terse
log_line_prefix = '%m [%p] '
"""

_DISPOSABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def server_arguments(port: int, *, durable: bool) -> list[str]:
    """Settings that are not the operator's to change; on the command line they win over every file."""
    settings = {
        "listen_addresses": HOST,
        "port": str(port),
        "unix_socket_directories": "",  # TCP alone: nothing in shared folders, no limit on the length of a path
        "logging_collector": "off",
        "log_destination": "stderr",
        **({} if durable else _DISPOSABLE),
    }
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def locale_arguments(major: int) -> list[str]:
    """Sorting by code point everywhere, so that an index never depends on the machine's C library."""
    if major >= 17:  # noqa: PLR2004 - the first version with the built-in provider
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
    return ["--locale=C", "--lc-ctype=C.UTF-8", "--encoding=UTF8"]


def ports(wanted: int | None) -> Iterator[int]:
    """Ports that were free a moment ago; only one if it is the caller's wish."""
    if wanted is not None:
        if not _is_free(wanted):
            raise EmbeddedPostgresError(
                f"Port {wanted} is taken: choose another one, or none to have one found."
            )
        yield wanted
        return
    yield from (port for port in random.sample(_PORTS, 200) if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As PostgreSQL does: connections of the last server that linger must not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
