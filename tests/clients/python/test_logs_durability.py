"""Log events that were acknowledged are there after a restart and after SIGKILL."""

import threading
import time

import botocore.exceptions
import pytest

from conftest import make_client
from server import Server


def events_of(client):
    pages = client.get_paginator("filter_log_events").paginate(logGroupName="kept")
    return [(e["logStreamName"], e["message"]) for page in pages for e in page["events"]]


@pytest.mark.parametrize("end", [Server.stop, Server.kill], ids=["SIGTERM", "SIGKILL"])
def test_groups_streams_and_events_survive(tmp_path, end):
    with Server("--data", tmp_path / "data") as first:
        logs = make_client(first, "logs")
        logs.create_log_group(logGroupName="gone")
        logs.create_log_stream(logGroupName="gone", logStreamName="s")
        logs.create_log_group(logGroupName="kept", tags={"k": "v"})
        logs.put_retention_policy(logGroupName="kept", retentionInDays=7)
        logs.create_log_stream(logGroupName="kept", logStreamName="s")
        for number in range(20):
            logs.put_log_events(logGroupName="kept", logStreamName="s", logEvents=[
                {"timestamp": int(time.time() * 1000), "message": f"{number}"}])
        logs.delete_log_group(logGroupName="gone")
        before = (logs.describe_log_groups()["logGroups"], events_of(logs),
                  logs.describe_log_streams(logGroupName="kept")["logStreams"])
        end(first)
    with Server("--data", tmp_path / "data") as second:
        logs = make_client(second, "logs")
        after = (logs.describe_log_groups()["logGroups"], events_of(logs),
                 logs.describe_log_streams(logGroupName="kept")["logStreams"])
        assert after == before and len(after[1]) == 20
        assert logs.list_tags_log_group(logGroupName="kept")["tags"] == {"k": "v"}
        logs.put_log_events(logGroupName="kept", logStreamName="s", logEvents=[
            {"timestamp": int(time.time() * 1000), "message": "later"}])
        assert [m for _, m in events_of(logs)] == [f"{i}" for i in range(20)] + ["later"]


def test_acknowledged_events_survive_a_kill_under_load(tmp_path):
    acknowledged = []
    with Server("--data", tmp_path / "data") as first:
        logs = make_client(first, "logs")
        logs.create_log_group(logGroupName="kept")

        def write(stream):
            client = make_client(first, "logs")
            client.create_log_stream(logGroupName="kept", logStreamName=stream)
            for number in range(100_000):
                events = [{"timestamp": int(time.time() * 1000), "message": f"{number}.{i}"}
                          for i in range(10)]
                client.put_log_events(logGroupName="kept", logStreamName=stream, logEvents=events)
                acknowledged.extend((stream, event["message"]) for event in events)

        def write_until_killed(stream):
            with pytest.raises(botocore.exceptions.BotoCoreError):
                write(stream)

        threads = [threading.Thread(target=write_until_killed, args=(f"s{i}",)) for i in range(3)]
        for thread in threads:
            thread.start()
        while len(acknowledged) < 500:
            time.sleep(0.01)
        first.kill()
        for thread in threads:
            thread.join()
    with Server("--data", tmp_path / "data") as second:
        found = events_of(make_client(second, "logs"))
        assert set(acknowledged) <= set(found)
        assert len(found) == len(set(found)) <= len(acknowledged) + 30
