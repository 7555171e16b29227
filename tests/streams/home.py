"""The server of a run: the same data in one process after the other, while clients come back."""

import http.client
import threading

from connection import Connection
from server import Server

GONE = (OSError, http.client.HTTPException)
RETURN_SECONDS_MAX = 30


class Home:
    def __init__(self, data, retention_seconds):
        self.data = data
        self.retention_seconds = retention_seconds
        self.server = None
        self.up = threading.Event()
        self.rest = threading.Event()  # no more writes
        self.over = threading.Event()  # the run has failed or ended, and so do all its threads

    def start(self, shard_max_age_seconds, retention_seconds=None):
        self.server = Server("--data", self.data, "--log-level", "error",
                             "--streams-shard-max-age-seconds", shard_max_age_seconds,
                             "--streams-retention-seconds",
                             retention_seconds or self.retention_seconds)
        self.up.set()

    def stop(self):
        """SIGTERM."""
        self.up.clear()
        code = self.server.stop()
        assert code == 0, f"exit code {code}:\n{self.server.stderr()}"

    def kill(self):
        self.up.clear()
        self.server.kill()

    def abandon(self):
        """After a failure; tells what the server said if it had ended by itself."""
        self.over.set()
        if self.server and self.server.process.poll() is not None:
            print(f"the server ended:\n{self.server.stderr()[-4000:]}")
        elif self.server:
            self.server.kill()

    def connect(self):
        """A connection to the process that runs now, or to the next one."""
        assert self.up.wait(RETURN_SECONDS_MAX), "the server does not come back"
        server = self.server
        return Connection(server.host, server.port)
