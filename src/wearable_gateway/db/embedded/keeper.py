"""Who waits for the server's end, keeps its log small, and ends it?"""

import contextlib
import signal
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import Future

from wearable_gateway.db.embedded.server_log import ServerLog

_SECONDS_BETWEEN_TRIMS = 60


class Keeper:
    """Starts the server from a thread that lives as long as it.

    The kernel sends the signal of a parent's death when the *thread* that started the child ends, see
    PR_SET_PDEATHSIG in prctl(2): a server started from a short-lived thread would stop with that thread.
    """

    def __init__(self, start: Callable[[], "subprocess.Popen[bytes]"], server_log: ServerLog) -> None:
        self._server_log = server_log
        self._guard = threading.Lock()
        self._exited = threading.Event()
        self._at_exit: Callable[[], None] | None = None
        self.ending = False
        started: Future[subprocess.Popen[bytes]] = Future()
        threading.Thread(
            target=self._keep, args=(start, started), name="postgres-keeper", daemon=True
        ).start()
        self._server = started.result()
        threading.Thread(target=self._trim_log, name="postgres-log", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._server.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._server.returncode

    @property
    def alive(self) -> bool:
        return not self._exited.is_set()

    def at_exit(self, action: Callable[[], None]) -> None:
        """Runs the action when the server ends, or now if it has ended."""
        with self._guard:
            self._at_exit = action
            if not self._exited.is_set():
                return
        action()

    def end(self, *, patience: float) -> None:
        """Asks for a fast shutdown, and insists when that takes too long; then the next start recovers."""
        self.ending = True
        for signal_number, seconds in (
            (signal.SIGINT, patience),
            (signal.SIGQUIT, 10),
            (signal.SIGKILL, None),
        ):
            with contextlib.suppress(ProcessLookupError):
                self._server.send_signal(signal_number)
            if self._exited.wait(seconds):
                return

    def _keep(
        self, start: Callable[[], "subprocess.Popen[bytes]"], started: "Future[subprocess.Popen[bytes]]"
    ) -> None:
        try:
            server = start()
        except BaseException as error:  # noqa: BLE001 - raised in the thread that waits for the result
            started.set_exception(error)
            return
        started.set_result(server)
        server.wait()
        with self._guard:
            if self._at_exit is not None:
                self._at_exit()
            self._exited.set()

    def _trim_log(self) -> None:
        while not self._exited.wait(_SECONDS_BETWEEN_TRIMS):
            self._server_log.trim()
