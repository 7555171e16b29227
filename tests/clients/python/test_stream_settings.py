"""Turning a stream on and off, and what stays readable."""

import time

import pytest

from conftest import create_table, read_stream, refused, stream_arn, wait_until_active


def enable(client, name, view="NEW_IMAGE"):
    client.update_table(TableName=name, StreamSpecification={
        "StreamEnabled": True, "StreamViewType": view})
    return wait_until_active(client, name)["LatestStreamArn"]


def disable(client, name):
    client.update_table(TableName=name, StreamSpecification={"StreamEnabled": False})
    wait_until_active(client, name)


def put(client, table, value):
    client.put_item(TableName=table, Item={"id": {"S": value}})


def ids(records):
    return [record["dynamodb"]["Keys"]["id"]["S"] for record in records]


def status(streams, arn):
    deadline = time.monotonic() + 10
    while True:
        found = streams.describe_stream(StreamArn=arn)["StreamDescription"]["StreamStatus"]
        if not found.endswith("ING") or time.monotonic() > deadline:
            return found


def test_enabling_starts_with_the_next_write(client, streams, table):
    put(client, table, "before")
    arn = enable(client, table)
    described = client.describe_table(TableName=table)["Table"]
    assert described["StreamSpecification"] == {"StreamEnabled": True,
                                                "StreamViewType": "NEW_IMAGE"}
    assert arn.endswith(described["LatestStreamLabel"])
    put(client, table, "after")
    assert ids(read_stream(streams, arn)) == ["after"]


def test_update_answers_with_the_new_stream(client, table):
    answer = client.update_table(TableName=table, StreamSpecification={
        "StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})["TableDescription"]
    assert answer["StreamSpecification"]["StreamViewType"] == "KEYS_ONLY"
    assert answer["LatestStreamArn"] == stream_arn(client, table)
    wait_until_active(client, table)


def test_disabled_stream_is_closed_and_readable(client, streams, table):
    arn = enable(client, table)
    put(client, table, "a")
    disable(client, table)
    put(client, table, "unseen")
    assert status(streams, arn) == "DISABLED"
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    assert "EndingSequenceNumber" in shard["SequenceNumberRange"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"],
                                       ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    found = []
    for _ in range(5):
        page = streams.get_records(ShardIterator=start)
        found += ids(page["Records"])
        start = page.get("NextShardIterator")
        if start is None:
            break
    assert found == ["a"] and start is None
    described = client.describe_table(TableName=table)["Table"]
    assert "StreamSpecification" not in described
    assert described.get("LatestStreamArn", arn) == arn


def test_enabling_again_makes_another_stream(client, streams, table):
    first = enable(client, table, "KEYS_ONLY")
    put(client, table, "a")
    disable(client, table)
    second = enable(client, table)
    assert first != second
    put(client, table, "b")
    assert ids(read_stream(streams, first)) == ["a"]
    assert ids(read_stream(streams, second)) == ["b"]
    listed = streams.list_streams(TableName=table)["Streams"]
    assert {stream["StreamArn"] for stream in listed} == {first, second}
    views = [streams.describe_stream(StreamArn=arn)["StreamDescription"]["StreamViewType"]
             for arn in (first, second)]
    assert views == ["KEYS_ONLY", "NEW_IMAGE"]


def test_stream_outlives_its_table(client, streams, name):
    create_table(client, name, StreamSpecification={
        "StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    arn = stream_arn(client, name)
    put(client, name, "a")
    client.delete_table(TableName=name)
    client.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    assert status(streams, arn) == "DISABLED"
    assert ids(read_stream(streams, arn)) == ["a"]


@pytest.mark.parametrize("view", ["NEW_IMAGE", "OLD_IMAGE"])
def test_enable_twice(client, table, view):
    enable(client, table)
    with refused("ValidationException"):
        enable(client, table, view)


def test_disable_without_stream(client, table):
    with refused("ValidationException"):
        disable(client, table)


@pytest.mark.parametrize("specification", [
    {"StreamEnabled": True},
    {"StreamEnabled": False, "StreamViewType": "NEW_IMAGE"},
    {"StreamEnabled": True, "StreamViewType": "EVERYTHING"},
])
def test_bad_specifications(client, table, specification):
    with refused("ValidationException"):
        client.update_table(TableName=table, StreamSpecification=specification)
