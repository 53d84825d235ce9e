"""Ports for servers in tests, below those that the system hands out itself."""

import random
import socket


def free_port() -> int:
    for _ in range(200):
        port = random.randint(12000, 31999)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")
