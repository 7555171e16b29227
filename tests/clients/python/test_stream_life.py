"""What a stream's descriptions tell through its life: enabled, disabled, enabled again, orphaned."""

import datetime

import pytest

from conftest import create_table, make_client, refused, stream_arn
from server import Server
from shards import (STREAMED, create_streamed, describe, ids, is_closed, iterator, put, read,
                    shards_of, split)

DISABLED = {"StreamEnabled": False}


def table_of(client, name):
    return client.describe_table(TableName=name)["Table"]


def read_all(streams, arn):
    return [identity for shard in shards_of(streams, arn)
            for identity in ids(read(streams, iterator(streams, arn, shard))[0])]


def listed(streams, name, **options):
    found = streams.list_streams(TableName=name, **options)["Streams"]
    assert {stream["TableName"] for stream in found} <= {name}
    for stream in found:
        assert stream["StreamArn"].endswith(f"{name}/stream/{stream['StreamLabel']}")
    return [stream["StreamArn"] for stream in found]


def delete_table(client, name):
    client.delete_table(TableName=name)
    client.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 1})


def test_a_stream_of_several_shards_is_disabled(server, client, streams, name):
    arn = create_streamed(client, name)
    put(client, name, *range(10))
    split(server, name)
    put(client, name, *range(10, 30))
    answer = client.update_table(TableName=name, StreamSpecification=DISABLED)["TableDescription"]
    assert "StreamSpecification" not in answer
    put(client, name, "unseen")
    described = describe(streams, arn)
    assert described["StreamStatus"] == "DISABLED"
    assert all(map(is_closed, described["Shards"])) and len(described["Shards"]) == 3
    assert sorted(map(int, read_all(streams, arn))) == list(range(30))
    for shard in described["Shards"]:
        assert read(streams, iterator(streams, arn, shard, "LATEST")) == ([], None)
    split(server, name)  # the table goes on without it
    assert describe(streams, arn)["Shards"] == described["Shards"]


def test_a_table_of_two_partitions_is_streamed_again(server, client, streams, name):
    first = create_streamed(client, name)
    split(server, name)
    client.update_table(TableName=name, StreamSpecification=DISABLED)
    put(client, name, *range(10))
    client.update_table(TableName=name, StreamSpecification=STREAMED)
    second = stream_arn(client, name)
    shards = shards_of(streams, second)
    assert len(shards) == 2 and not any("ParentShardId" in shard for shard in shards)
    assert not {s["ShardId"] for s in shards} & {s["ShardId"] for s in shards_of(streams, first)}
    put(client, name, *range(10, 30))
    assert sorted(map(int, read_all(streams, second))) == list(range(10, 30))
    assert read_all(streams, first) == []


def test_labels_and_times(client, streams, name):
    before = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=1)
    arns = [create_streamed(client, name)]
    for _ in range(3):
        client.update_table(TableName=name, StreamSpecification=DISABLED)
        client.update_table(TableName=name, StreamSpecification=STREAMED)
        arns.append(stream_arn(client, name))
    table = table_of(client, name)
    assert (table["LatestStreamArn"], table["LatestStreamLabel"]) == (
        arns[-1], arns[-1].rsplit("/", 1)[1])
    assert listed(streams, name) == sorted(arns) == arns and len(set(arns)) == 4
    described = [describe(streams, arn) for arn in arns]
    assert [one["StreamStatus"] for one in described] == ["DISABLED"] * 3 + ["ENABLED"]
    times = [one["CreationRequestDateTime"] for one in described]
    assert times == sorted(times) and before <= times[0]
    assert times[-1] <= datetime.datetime.now(datetime.timezone.utc)
    assert [one["StreamArn"].rsplit("/", 1)[1] for one in described] == [
        one["StreamLabel"] for one in described]


def test_a_table_without_a_stream_keeps_the_label_of_its_last(client, streams, name):
    arn = create_streamed(client, name)
    client.update_table(TableName=name, StreamSpecification=DISABLED)
    table = table_of(client, name)
    assert "StreamSpecification" not in table
    assert (table["LatestStreamArn"], table["LatestStreamLabel"]) == (arn, arn.rsplit("/", 1)[1])
    put(client, name, "x")
    assert describe(streams, arn)["StreamStatus"] == "DISABLED"


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_of_the_streams_of_a_table(client, streams, name, limit):
    arns = [create_streamed(client, name)]
    for other in ("-before", "a", "z"):
        create_streamed(client, name + other)
    for _ in range(4):
        client.update_table(TableName=name, StreamSpecification=DISABLED)
        client.update_table(TableName=name, StreamSpecification=STREAMED)
        arns.append(stream_arn(client, name))
    found, options = [], {}
    for _ in range(10):
        page = streams.list_streams(TableName=name, Limit=limit, **options)
        assert len(page["Streams"]) <= limit
        found += [stream["StreamArn"] for stream in page["Streams"]]
        if "LastEvaluatedStreamArn" not in page:
            break
        assert page["LastEvaluatedStreamArn"] == found[-1]
        options = {"ExclusiveStartStreamArn": found[-1]}
    assert found == arns


def test_the_streams_of_deleted_tables(server, client, streams, name):
    """A table made again under the name has nothing of them, and they have nothing of it."""
    first = create_streamed(client, name)
    put(client, name, *range(5))
    split(server, name)
    put(client, name, *range(5, 15))
    start = iterator(streams, first, shards_of(streams, first)[0])
    delete_table(client, name)
    assert listed(streams, name) == [first]
    create_table(client, name)
    assert "LatestStreamArn" not in table_of(client, name)
    assert listed(streams, name) == [first]
    client.update_table(TableName=name, StreamSpecification=STREAMED)
    second = stream_arn(client, name)
    put(client, name, "second")
    delete_table(client, name)
    assert listed(streams, name) == [first, second]
    for arn in (first, second):
        described = describe(streams, arn)
        assert described["StreamStatus"] == "DISABLED" and described["TableName"] == name
        assert all(map(is_closed, described["Shards"]))
    assert ids(read(streams, start)[0]) == [str(value) for value in range(5)]
    assert sorted(map(int, read_all(streams, first))) == list(range(15))
    assert read_all(streams, second) == ["second"]
    with refused("ResourceNotFoundException"):
        client.describe_table(TableName=name)


@pytest.mark.parametrize("end", [Server.stop, Server.kill], ids=["SIGTERM", "SIGKILL"])
def test_all_of_it_survives(name, tmp_path, end):
    with Server("--data", tmp_path / "data") as server:
        client, streams = make_client(server), make_client(server, "dynamodbstreams")
        gone, kept = name + "-gone", name + "-kept"
        for table in (gone, kept):
            create_streamed(client, table)
            put(client, table, *range(5))
            split(server, table)
            put(client, table, *range(5, 15))
        delete_table(client, gone)
        client.update_table(TableName=kept, StreamSpecification=DISABLED)
        client.update_table(TableName=kept, StreamSpecification=STREAMED)
        put(client, kept, *range(15, 30))
        split(server, kept)
        put(client, kept, *range(30, 40))

        def state(client, streams):
            arns = listed(streams, gone) + listed(streams, kept)
            described = [describe(streams, arn) for arn in arns]
            for one in described:
                del one["StreamArn"]
            return (arns, described, [read_all(streams, arn) for arn in arns],
                    table_of(client, kept)["LatestStreamArn"],
                    sorted(item["id"]["S"] for item in client.scan(TableName=kept)["Items"]))

        before = state(client, streams)
        assert [len(records) for records in before[2]] == [15, 15, 25]
        end(server)
    with Server("--data", tmp_path / "data") as server:
        client, streams = make_client(server), make_client(server, "dynamodbstreams")
        assert state(client, streams) == before
        put(client, kept, "later")
        assert read_all(streams, before[3]).count("later") == 1
