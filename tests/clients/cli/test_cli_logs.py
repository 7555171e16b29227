"""The AWS CLI's log commands, `aws logs tail --follow` among them."""

import json
import pathlib
import signal
import subprocess
import time

import pytest

from credentials import CLIENT_VARIABLES

AWS = "/usr/bin/aws"


@pytest.fixture
def logs(aws):
    return lambda operation, *arguments: aws("logs", operation, *arguments)


@pytest.fixture
def group(logs, name):
    logs("create-log-group", "--log-group-name", name)
    logs("create-log-stream", "--log-group-name", name, "--log-stream-name", "s")
    return name


def put(logs, group, *texts):
    now = int(time.time() * 1000)
    logs("put-log-events", "--log-group-name", group, "--log-stream-name", "s", "--log-events",
         json.dumps([{"timestamp": now, "message": text} for text in texts]))


@pytest.fixture
def tail(server, tmp_path):
    """Starts `aws logs tail`; a file with what it prints."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8",
                   "PYTHONUNBUFFERED": "1", "AWS_PAGER": "", **CLIENT_VARIABLES}
    started = []

    def start(*arguments):
        out = tmp_path / f"tail-{len(started)}"
        with out.open("wb") as file:
            started.append(subprocess.Popen(
                [AWS, "--endpoint-url", server.endpoint, "logs", "tail", *arguments],
                env=environment, stdout=file, stderr=subprocess.STDOUT))
        return out, started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait(20)


def wait_for(out: pathlib.Path, text, seconds_max=40):
    deadline = time.monotonic() + seconds_max
    while time.monotonic() < deadline:
        if text in out.read_text():
            return out.read_text()
        time.sleep(0.1)
    raise AssertionError(f"{text!r} is not in {out.read_text()!r}")


def test_groups_and_events(logs, group):
    put(logs, group, "one", "two")
    groups = logs("describe-log-groups", "--log-group-name-prefix", group)["logGroups"]
    assert [g["logGroupName"] for g in groups] == [group]
    events = logs("get-log-events", "--log-group-name", group, "--log-stream-name", "s")["events"]
    assert [event["message"] for event in events] == ["one", "two"]
    found = logs("filter-log-events", "--log-group-name", group, "--filter-pattern", "tw")["events"]
    assert [event["message"] for event in found] == ["two"]


def test_tail(logs, group, tail):
    put(logs, group, "one", "two")
    out, process = tail(group, "--format", "short")
    assert process.wait(40) == 0, out.read_text()
    assert [line.split(" ", 1)[1] for line in out.read_text().splitlines()] == ["one", "two"]


def test_tail_follows(logs, group, tail):
    put(logs, group, "before", "no match")
    out, process = tail(group, "--follow", "--filter-pattern", "e")
    wait_for(out, "before")
    put(logs, group, "after it began")
    printed = wait_for(out, "after it began")
    put(logs, group, "the last")
    printed = wait_for(out, "the last")
    assert "no match" not in printed
    assert printed.count("before") == printed.count("after it began") == 1
    assert process.poll() is None
    process.terminate()
    process.wait(20)
