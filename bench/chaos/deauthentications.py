"""Requests that end in an event each, sent to an API that may die at any moment."""

import http.client
import threading
from collections.abc import Sequence
from typing import Self
from uuid import UUID

from bench.installation import DEV_ID, Installation, add_connection
from wearable_gateway.db.session import Database

_OK = 200
_PAUSE_SECONDS = 0.05


async def connect_many(db: Database, number: int) -> list[UUID]:
    return [(await add_connection(db, DEV_ID, f"customer-{one}")).id for one in range(number)]


class Deauthentications:
    """One request after the other, in a thread, until the block ends or nobody is left."""

    def __init__(self, installation: Installation, port: int, user_ids: Sequence[UUID]) -> None:
        self._port = port
        self._headers = {"dev-id": DEV_ID, "x-api-key": installation.api_key}
        self._user_ids = user_ids
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._send_all, daemon=True)
        self.answered: list[UUID] = []
        """Those whose success was told."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _send_all(self) -> None:
        for user_id in self._user_ids:
            if self._ended.wait(_PAUSE_SECONDS):
                return
            if self._send(user_id):
                self.answered.append(user_id)

    def _send(self, user_id: UUID) -> bool:
        """False says nothing: only the database knows whether it was committed."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            target = f"/v2/auth/deauthenticateUser?user_id={user_id}"
            connection.request("DELETE", target, headers=self._headers)
            return connection.getresponse().status == _OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
