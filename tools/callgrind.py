"""Counts the instructions of `millrace serve` by callgrind, for as long as a caller wants."""

import ctypes
import os
import pathlib
import re
import select
import signal
import subprocess
import time

LISTENING = re.compile(r"^listening on (http://\S+)$", re.MULTILINE)
TOTALS = re.compile(r"^totals: (\d+)$", re.MULTILINE)
START_SECONDS_MAX = 120
CONTROL_SECONDS_MAX = 60
STOP_SECONDS_MAX = 60
# Nothing is counted until it is asked for: a start alone is some billions. Threads take turns in the
# order in which they come.
CALLGRIND = ("valgrind", "--tool=callgrind", "--instr-atstart=no", "--fair-sched=yes", "--quiet")
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class CannotMeasure(Exception):
    """Of a machine or a server with which there are no counts; says why."""


class Server:
    """A server with options from `config`, its files in `directory`. Without `counted` it runs as
    it does for users. On one processor, `cpu`, so that the counts do not depend on how many there
    are."""

    def __init__(self, binary, directory, config, environment, cpu, counted):
        self.directory = pathlib.Path(directory)
        self.dumps = 0
        self.dumped = time.monotonic()
        config_path = self.directory / "config.toml"
        config_path.write_text(config)
        command = [binary, "serve", "--config", config_path, "--auth"]
        if counted:
            command = [*CALLGRIND, f"--callgrind-out-file={self.directory / 'counts'}", *command]
        with open(self.directory / "log", "ab") as log:
            self.process = subprocess.Popen(
                command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=log,
                preexec_fn=lambda: prepare(cpu))
        try:
            self.endpoint = self._wait_until_listening()
        except BaseException:
            self.kill()
            raise

    def log(self):
        return (self.directory / "log").read_text(encoding="utf-8", errors="replace")

    def _wait_until_listening(self):
        deadline = time.monotonic() + START_SECONDS_MAX
        stdout = ""
        while time.monotonic() < deadline:
            ready, _, _ = select.select([self.process.stdout], [], [], 0.2)
            if not ready:
                continue
            chunk = os.read(self.process.stdout.fileno(), 65536).decode()
            stdout += chunk
            if match := LISTENING.search(stdout):
                return match[1]
            if not chunk:
                break
        raise CannotMeasure(f"the server did not start:\n{stdout}{self.log()}")

    def control(self, *command):
        """One of callgrind's monitor commands, to a server that is counted."""
        result = subprocess.run(["vgdb", f"--pid={self.process.pid}", *command],
                                stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                timeout=CONTROL_SECONDS_MAX)
        if result.returncode != 0:
            raise CannotMeasure(f"callgrind does not take {' '.join(command)}:\n"
                                f"{result.stdout}{result.stderr}")

    def dump(self):
        """Since the dump before: the instructions of all threads, the seconds, and the file with the
        profile."""
        self.control("dump")
        dumped = time.monotonic()
        seconds, self.dumped = dumped - self.dumped, dumped
        self.dumps += 1
        path = self.directory / f"counts.{self.dumps}"
        return total_of(path.read_text(encoding="utf-8", errors="replace")), seconds, path

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            raise CannotMeasure("the server does not stop") from None
        if status != 0:
            raise CannotMeasure(f"the server ended with status {status}:\n{self.log()}")

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.stop()
        self.kill()


def prepare(cpu):
    """In the process that becomes a server, which is not to outlive who counts."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.sched_setaffinity(0, {cpu})


def total_of(profile):
    """Of a profile in callgrind's format: the sum of its lines."""
    match = TOTALS.search(profile)
    if match is None:
        raise CannotMeasure("callgrind wrote no totals")
    return int(match[1])
