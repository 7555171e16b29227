"""Runs the client subcommands of the program as a person would."""

import itertools
import json
import queue
import signal
import subprocess
import threading
import time

import pytest

from conftest import create_table
from credentials import CLIENT_VARIABLES, ENFORCED
from server import BINARY

SECONDS_MAX = 30
BOTH_IMAGES = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def take_interrupts():
    """As at a terminal; tests that run in the background ignore them, and so would the program."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def environment(home, **variables):
    """Of a person with that home directory, who has set nothing else."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", **variables}


class Millrace:
    def __init__(self, home, **variables):
        self.environment = environment(home, **variables)

    def run(self, *arguments, **variables):
        return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True,
                              env={**self.environment, **variables}, timeout=SECONDS_MAX)

    def __call__(self, *arguments, **variables):
        """What it prints; it must succeed and say nothing else."""
        result = self.run(*arguments, **variables)
        assert (result.returncode, result.stderr) == (0, ""), result.stderr
        return result.stdout

    def refusal(self, *arguments, **variables):
        """What it says on stderr; it must fail with status 1 and print nothing."""
        result = self.run(*arguments, **variables)
        assert (result.returncode, result.stdout) == (1, ""), result
        return result.stderr

    def records(self, *arguments):
        return [json.loads(line) for line in self("stream", "tail", *arguments).splitlines()]

    def follow(self, *arguments):
        return Follower([BINARY, "stream", "tail", *map(str, arguments), "--follow"],
                        self.environment)


def millrace_of(server, home):
    """Asks that server; in open mode without credentials, which it does not need."""
    return Millrace(home, AWS_ENDPOINT_URL=server.endpoint, **(CLIENT_VARIABLES if ENFORCED else {}))


class Follower:
    """`stream tail --follow`, in the background."""

    def __init__(self, command, variables):
        self.process = subprocess.Popen(command, env=variables, text=True, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, preexec_fn=take_interrupts)
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def take(self):
        """The next record."""
        return json.loads(self.lines.get(timeout=SECONDS_MAX))

    def take_until(self, wanted):
        """Records up to the one that `wanted` says yes to."""
        taken = [self.take()]
        while not wanted(taken[-1]):
            taken.append(self.take())
        return taken

    def end(self):
        """Waits for it to end by itself: the records that were left."""
        assert self.process.wait(SECONDS_MAX) == 0, self.process.stderr.read()
        self.reader.join(SECONDS_MAX)
        return [json.loads(self.lines.get()) for _ in range(self.lines.qsize())]

    def interrupt(self):
        """Ctrl-C: the exit status and stderr."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SECONDS_MAX), self.process.stderr.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def key_of(record):
    return record["dynamodb"]["Keys"]["id"]["S"]


def begin_following(follower, write):
    """Writes markers until the follower, which begins at the latest, has told of the last one: it
    will tell of all that is written from then on."""
    deadline = time.monotonic() + SECONDS_MAX
    for number in itertools.count():
        assert time.monotonic() < deadline, "the follower tells of nothing"
        write(f"marker-{number}")
        try:
            record = json.loads(follower.lines.get(timeout=0.2))
        except queue.Empty:
            continue
        if key_of(record) != f"marker-{number}":
            follower.take_until(lambda record: key_of(record) == f"marker-{number}")
        return


@pytest.fixture
def millrace(server, tmp_path):
    return millrace_of(server, tmp_path)


@pytest.fixture
def streamed(client, name):
    create_table(client, name, StreamSpecification=BOTH_IMAGES)
    yield name
    client.delete_table(TableName=name)
