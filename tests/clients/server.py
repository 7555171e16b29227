"""Starts the real server binary on a free port and stops it again, in the mode of credentials.py."""

import os
import pathlib
import re
import select
import signal
import subprocess
import tempfile
import time

from credentials import ENFORCED, SERVER_OPTIONS, SERVER_VARIABLES
from roles import make_role

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("MILLRACE_BINARY", ROOT / "build/release/millrace"))
LISTENING = re.compile(r"^listening on https?://([^:]+):(\d+)$", re.MULTILINE)
START_SECONDS_MAX = 20
STOP_SECONDS_MAX = 20


class Server:
    """One process. `arguments` follow `millrace serve`; a free port unless they say otherwise. With
    `--auth` among them the access keys are the caller's business, and with a certificate it is open."""

    def __init__(self, *arguments, cwd=None):
        if "--listen" not in arguments and "--config" not in arguments:
            arguments = (*arguments, "--listen", "127.0.0.1:0")
        follows_mode = not {"--auth", "--tls-certificate"} & set(arguments)
        options, variables = (SERVER_OPTIONS, SERVER_VARIABLES) if follows_mode else ((), {})
        self.log = tempfile.NamedTemporaryFile(prefix="millrace-log-")
        started = time.monotonic()
        self.process = subprocess.Popen([BINARY, "serve", *map(str, arguments), *options],
                                        env={**os.environ, **variables}, cwd=cwd,
                                        stdout=subprocess.PIPE, stderr=self.log)
        self.stdout = ""
        self.host, self.port = self._wait_until_listening()
        self.start_seconds = time.monotonic() - started
        scheme = "https" if "listening on https" in self.stdout else "http"
        self.endpoint = f"{scheme}://{self.host}:{self.port}"
        if ENFORCED and follows_mode and scheme == "http":
            make_role(self)

    def _wait_until_listening(self):
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            ready, _, _ = select.select([self.process.stdout], [], [], 0.2)
            if ready:
                chunk = os.read(self.process.stdout.fileno(), 65536).decode()
                self.stdout += chunk
                match = LISTENING.search(self.stdout)
                if match:
                    return match[1], int(match[2])
                if not chunk:
                    break
        self.kill()
        raise RuntimeError(f"the server did not start:\n{self.stdout}\n{self.stderr()}")

    def stderr(self):
        return pathlib.Path(self.log.name).read_text(encoding="utf-8", errors="replace")

    def stop(self):
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            code = self.stop()
            assert code == 0, f"exit code {code}:\n{self.stderr()}"


def run_refused(*arguments, seconds_max=10):
    """Runs a server that must not start; its exit code and all that it said."""
    result = subprocess.run([BINARY, "serve", *map(str, arguments)], capture_output=True,
                            text=True, timeout=seconds_max)
    return result.returncode, result.stdout + result.stderr
