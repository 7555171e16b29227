"""The options of [streams], as flags and in the file."""

import time

import pytest

from conftest import create_table, make_client, refused, stream_arn
from server import Server, run_refused

STREAMED = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}


def open_iterator(server, name):
    client, streams = make_client(server), make_client(server, "dynamodbstreams")
    create_table(client, name, StreamSpecification=STREAMED)
    arn = stream_arn(client, name)
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    return streams, streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"],
                                               ShardIteratorType="LATEST")["ShardIterator"]


def test_iterators_expire(name):
    with Server("--memory", "--streams-iterator-max-age-seconds", "1") as server:
        streams, old = open_iterator(server, name)
        fresh = streams.get_records(ShardIterator=old)["NextShardIterator"]
        time.sleep(0.7)
        fresh = streams.get_records(ShardIterator=fresh)["NextShardIterator"]
        time.sleep(0.6)
        with refused("ExpiredIteratorException"):
            streams.get_records(ShardIterator=old)
        assert streams.get_records(ShardIterator=fresh)["Records"] == []


def test_the_flag_overrides_the_file(name, tmp_path):
    config = tmp_path / "millrace.toml"
    config.write_text('listen = "127.0.0.1:0"\nmemory = true\n'
                      "[streams]\niterator_max_age_seconds = 1\n")
    with Server("--config", config, "--streams-iterator-max-age-seconds", "60") as server:
        streams, iterator = open_iterator(server, name)
        time.sleep(1.2)
        assert streams.get_records(ShardIterator=iterator)["Records"] == []


@pytest.mark.parametrize("option", [
    "shard-max-age-seconds", "retention-seconds", "iterator-max-age-seconds", "split-size-bytes",
    "split-writes-per-second"])
@pytest.mark.parametrize("value", ["0", "-1", "soon", "1.5", ""])
def test_what_is_no_positive_integer_is_refused(option, value):
    code, output = run_refused("--memory", f"--streams-{option}={value}")
    assert code != 0 and f"--streams-{option}" in output
