"""`millrace stream`: what people type to see a stream."""

import json
import os
import pty
import socket
import subprocess
import time

import pytest

from client_commands import (  # noqa: F401
    BOTH_IMAGES, Millrace, begin_following, key_of, millrace, millrace_of, streamed)
from conftest import create_table, make_client, stream_arn
from credentials import ACCESS_KEY_ID, ENFORCED, SECRET_ACCESS_KEY
from server import BINARY, Server


def put(client, table, *ids):
    for one in ids:
        client.put_item(TableName=table, Item={"id": {"S": one}})


def change(client, table):
    """INSERT, MODIFY and REMOVE."""
    client.put_item(TableName=table, Item={"id": {"S": "a"}, "title": {"S": "Water"},
                                           "map": {"M": {"n": {"N": "1"}}}})
    client.put_item(TableName=table, Item={"id": {"S": "a"}, "title": {"S": "Wine"},
                                           "map": {"M": {"n": {"N": "2"}}}, "new": {"B": b"\0"}})
    client.delete_item(TableName=table, Key={"id": {"S": "a"}})


def raw_records(dynamodbstreams, arn):
    """As Debian's AWS CLI shows them."""
    shard, = dynamodbstreams("describe-stream", "--stream-arn", arn)["StreamDescription"]["Shards"]
    iterator = dynamodbstreams("get-shard-iterator", "--stream-arn", arn, "--shard-id",
                               shard["ShardId"], "--shard-iterator-type", "TRIM_HORIZON")
    return dynamodbstreams("get-records", "--shard-iterator", iterator["ShardIterator"])["Records"]


def test_tail_prints_the_records_of_the_api(millrace, client, dynamodbstreams, streamed):
    change(client, streamed)
    records = millrace.records(streamed)
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
    expected = raw_records(dynamodbstreams, stream_arn(client, streamed))
    for record in expected:  # the CLI makes texts of times
        record["dynamodb"].pop("ApproximateCreationDateTime")
    for record in records:
        assert abs(record["dynamodb"].pop("ApproximateCreationDateTime") - time.time()) < 60
    assert records == expected
    assert millrace.records(stream_arn(client, streamed)) == millrace.records(streamed)


def test_tail_as_lambda_gets_it(millrace, client, streamed):
    change(client, streamed)
    arn = stream_arn(client, streamed)
    assert millrace.records(streamed, "--format", "lambda") == [
        {**record, "eventSourceARN": arn} for record in millrace.records(streamed)]


def test_tail_for_people(millrace, client, streamed):
    change(client, streamed)
    text = millrace("stream", "tail", streamed, "--format", "pretty")
    lines = text.splitlines()
    assert [line for line in lines if line.startswith("  ")] == [
        "  + map: {n: 1}", '  + title: "Water"',
        "  ~ map.n: 1 → 2", '  + new: binary("AA==")', '  ~ title: "Water" → "Wine"',
        "  - map: {n: 2}", '  - new: binary("AA==")', '  - title: "Wine"']
    headers = [line.split() for line in lines if not line.startswith("  ")]
    records = millrace.records(streamed)
    assert [header[1:3] for header in headers] == [
        [name, 'id="a"'] for name in ("INSERT", "MODIFY", "REMOVE")]
    assert [header[-1] for header in headers] == [
        record["dynamodb"]["SequenceNumber"] for record in records]
    assert "\x1b" not in text
    assert "\x1b[32m" in millrace("stream", "tail", streamed, "--format", "pretty", "--color",
                                  "always")


@pytest.mark.parametrize("variables, coloured", [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_colours(millrace, client, streamed, variables, coloured):
    change(client, streamed)
    ours, theirs = pty.openpty()
    result = subprocess.run([BINARY, "stream", "tail", streamed], stdout=theirs, timeout=30,
                            env={**millrace.environment, **variables})
    os.close(theirs)
    text = os.read(ours, 65536).decode()
    os.close(ours)
    assert result.returncode == 0
    assert "map.n: 1 → 2" in text and ("\x1b[32m" in text) == coloured


def test_where_tail_begins(millrace, client, streamed):
    put(client, streamed, "1", "2", "3")
    all_records = millrace.records(streamed)
    number = all_records[1]["dynamodb"]["SequenceNumber"]
    assert millrace.records(streamed, "--from", number) == all_records[1:]
    assert millrace.records(streamed, "--from", "trim-horizon") == all_records
    assert millrace.records(streamed, "--from", "10m") == all_records
    assert millrace.records(streamed, "--from", "2020-01-01T00:00:00Z") == all_records
    assert millrace.records(streamed, "--from", "2120-01-01") == []
    assert millrace.records(streamed, "--from", "latest") == []
    beyond = str(int(number) + 1000)
    assert millrace.refusal("stream", "tail", streamed, "--from", beyond) == \
        f"millrace: no shard of the stream holds the sequence number {beyond}\n"


def test_tail_from_a_time_between_two_records(millrace, client, streamed):
    put(client, streamed, "1", "2")
    time.sleep(2.1)
    put(client, streamed, "3", "4")
    third = millrace.records(streamed)[2]["dynamodb"]["ApproximateCreationDateTime"]
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(third))
    assert [key_of(r) for r in millrace.records(streamed, "--from", since)] == ["3", "4"]


def test_tail_follows_until_the_stream_is_disabled(millrace, client, streamed):
    put(client, streamed, "before")
    with millrace.follow(streamed) as follower:
        begin_following(follower, lambda one: put(client, streamed, one))
        for number in range(100):
            put(client, streamed, str(number))
        assert [key_of(follower.take()) for _ in range(100)] == [str(n) for n in range(100)]
        put(client, streamed, "last")
        client.update_table(TableName=streamed, StreamSpecification={"StreamEnabled": False})
        assert [key_of(record) for record in follower.end()] == ["last"]


def test_tail_hears_of_a_record_at_once(millrace, client, streamed):
    with millrace.follow(streamed) as follower:
        begin_following(follower, lambda one: put(client, streamed, one))
        begin = time.monotonic()
        for number in range(20):
            put(client, streamed, str(number))
            assert key_of(follower.take()) == str(number)
        assert time.monotonic() - begin < 5


def test_tail_of_a_disabled_stream_ends_at_once(millrace, client, streamed):
    put(client, streamed, "1")
    client.update_table(TableName=streamed, StreamSpecification={"StreamEnabled": False})
    with millrace.follow(streamed, "--from", "trim-horizon") as follower:
        assert [key_of(record) for record in follower.end()] == ["1"]


def test_ctrl_c_is_quiet(millrace, client, streamed):
    with millrace.follow(streamed) as follower:
        begin_following(follower, lambda one: put(client, streamed, one))
        status, said = follower.interrupt()
    assert said == "" and status in (-2, 130)


def test_a_closed_pipe_is_quiet(millrace, client, streamed):
    put(client, streamed, "1", "2", "3")
    result = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {BINARY} stream tail {streamed} --follow "
                       "--from trim-horizon | head -n 1"],
        env=millrace.environment, capture_output=True, text=True, timeout=30)
    assert (result.returncode, result.stderr) == (0, "")
    assert key_of(json.loads(result.stdout)) == "1"


def test_tail_waits_for_a_server_that_restarts(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    arguments = ("--data", tmp_path / "data", "--listen", address)
    server = Server(*arguments)
    client = make_client(server)
    create_table(client, "table", StreamSpecification=BOTH_IMAGES)
    put(client, "table", "1", "2")
    millrace = millrace_of(server, tmp_path)
    with millrace.follow("table", "--from", "trim-horizon") as follower:
        assert [key_of(follower.take()) for _ in range(2)] == ["1", "2"]
        server.kill()
        time.sleep(0.3)
        with Server(*arguments) as again:
            client = make_client(again)
            put(client, "table", "3")
            assert key_of(follower.take()) == "3"
            client.update_table(TableName="table", StreamSpecification={"StreamEnabled": False})
            assert follower.end() == []
        assert "trying again" in follower.process.stderr.read()


def test_tail_of_an_older_and_of_a_newer_stream(millrace, client, streamed):
    old = stream_arn(client, streamed)
    put(client, streamed, "old")
    for specification in ({"StreamEnabled": False}, BOTH_IMAGES):
        client.update_table(TableName=streamed, StreamSpecification=specification)
    put(client, streamed, "new")
    assert [key_of(record) for record in millrace.records(streamed)] == ["new"]
    assert [key_of(record) for record in millrace.records(old)] == ["old"]


def test_ls(millrace, client, streamed):
    header, row = millrace("stream", "ls", streamed).splitlines()
    assert header.split() == ["TABLE", "STATUS", "VIEW", "OPEN", "SHARDS", "ARN"]
    assert row.split() == [streamed, "ENABLED", "NEW_AND_OLD_IMAGES", "1", "1",
                           stream_arn(client, streamed)]
    assert row.split() in [line.split() for line in millrace("stream", "ls").splitlines()]


@pytest.mark.parametrize("arguments, said", [
    (("stream", "tail", "nope"), "Requested resource not found: Table: nope not found"),
    (("stream", "tail", "arn:aws:dynamodb:us-east-1:000000000000:table/x/stream/"
      "2026-01-01T00:00:00.000"), "ResourceNotFoundException"),
    (("stream", "ls", "--profile", "nope"), "The config profile (nope) could not be found"),
    (("stream", "ls", "--endpoint-url", "https://127.0.0.1:1"),
     "cannot connect to 127.0.0.1:1: Connection refused"),
    (("stream", "ls", "--endpoint-url", "http://127.0.0.1:1"),
     "cannot connect to 127.0.0.1:1: Connection refused"),
])
def test_failures_are_said(millrace, arguments, said):
    text = millrace.refusal(*arguments)
    assert text.startswith("millrace: ") and said in text and text.count("\n") == 1


def test_a_table_without_a_stream(millrace, table):
    assert millrace.refusal("stream", "tail", table) == \
        f"millrace: table '{table}' has no stream\n"


@pytest.mark.parametrize("arguments", [
    ("stream",), ("stream", "tail"), ("stream", "tail", "t", "--from", "yesterday"),
    ("stream", "tail", "t", "--format", "xml"), ("stream", "retention", "t", "--hours", "0"),
    ("stream", "retention", "t", "--hours", "x"), ("table",), ("table", "split"),
    ("stream", "ls", "--no-such"),
])
def test_what_is_not_understood(millrace, arguments):
    result = millrace.run(*arguments)
    assert result.returncode == 2 and result.stderr and not result.stdout


def test_the_server_is_found_as_the_aws_cli_finds_it(server, streamed, tmp_path):
    folder = tmp_path / ".aws"
    folder.mkdir()
    (folder / "config").write_text(
        f"[profile direct]\nendpoint_url = {server.endpoint}\n"
        "[profile nested]\nservices = here\nendpoint_url = http://127.0.0.1:1\n"
        f"[services here]\ndynamodb =\n  endpoint_url = {server.endpoint}\n"
        f"dynamodb_streams =\n  endpoint_url = {server.endpoint}\n")
    with_credentials = ("direct", "default", "nested") if ENFORCED else ("direct",)
    (folder / "credentials").write_text("".join(
        f"[{profile}]\naws_access_key_id = {ACCESS_KEY_ID}\n"
        f"aws_secret_access_key = {SECRET_ACCESS_KEY}\n" for profile in with_credentials))
    millrace = Millrace(tmp_path)
    command = ("stream", "tail", streamed)
    millrace(*command, "--endpoint-url", server.endpoint, AWS_ENDPOINT_URL="http://127.0.0.1:1")
    millrace(*command, "--profile", "direct")
    millrace(*command, AWS_PROFILE="nested")
    millrace(*command, AWS_ENDPOINT_URL_DYNAMODB=server.endpoint,
             AWS_ENDPOINT_URL_DYNAMODB_STREAMS=server.endpoint,
             AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert "Connection refused" in millrace.refusal(
        *command, AWS_PROFILE="direct", AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY" in millrace.refusal(
        *command, AWS_ENDPOINT_URL=server.endpoint, AWS_ACCESS_KEY_ID="k")
