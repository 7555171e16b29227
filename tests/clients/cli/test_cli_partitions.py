"""`millrace table split`, `stream stats`, `stream retention`, and a tail across rolls and splits."""

import threading

from client_commands import (  # noqa: F401
    BOTH_IMAGES, begin_following, key_of, millrace, millrace_of, streamed)
from conftest import create_table, make_client, stream_arn
from server import Server


def put(client, table, one, version=0):
    client.put_item(TableName=table, Item={"id": {"S": one}, "version": {"N": str(version)}})


def shards(streams, client, table):
    arn = stream_arn(client, table)
    return streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]


def test_split_of_all_and_of_one(millrace, client, streams, streamed):
    put(client, streamed, "before")
    parent, = shards(streams, client, streamed)
    first, last = millrace("table", "split", streamed).splitlines()
    assert last == f"{streamed} has 2 partitions"
    named, children = first.split(" → ")
    left, right = children.split(", ")
    assert named == parent["ShardId"]
    assert {s["ShardId"]: s.get("ParentShardId") for s in shards(streams, client, streamed)} == {
        named: None, left: named, right: named}
    again, last = millrace("table", "split", streamed, "--shard", right).splitlines()
    assert again.startswith(f"{right} → ") and last == f"{streamed} has 3 partitions"
    for number in range(20):
        put(client, streamed, str(number))
    records = millrace.records(streamed)
    assert key_of(records[0]) == "before"
    assert sorted(key_of(r) for r in records[1:]) == sorted(str(n) for n in range(20))


def test_refused_splits(millrace, client, streams, streamed):
    parent, = shards(streams, client, streamed)
    millrace("table", "split", streamed)
    closed = millrace.refusal("table", "split", streamed, "--shard", parent["ShardId"])
    assert closed.startswith("millrace: SplitTable: ValidationException: ")
    unknown = millrace.refusal("table", "split", streamed, "--shard",
                               "shardId-00000000000000000000-00000000")
    assert unknown.startswith("millrace: SplitTable: ResourceNotFoundException: ")
    nobody = millrace.refusal("table", "split", "nope")
    assert nobody.startswith("millrace: SplitTable: ResourceNotFoundException: ")


def test_split_without_a_stream(millrace, table):
    assert millrace("table", "split", table) == f"{table} has 2 partitions\n"


def test_stats(millrace, client, streams, streamed):
    for number in range(5):
        put(client, streamed, str(number))
    shard, = shards(streams, client, streamed)
    millrace.records(streamed)
    head, arn, columns, row = millrace("stream", "stats", streamed).splitlines()
    assert head.startswith(f"{streamed} ENABLED NEW_AND_OLD_IMAGES: 1 shards, 5 records, ")
    assert head.endswith("kept for 24 hours")
    assert arn == stream_arn(client, streamed)
    assert columns.split() == ["SHARD", "STATE", "RECORDS", "BYTES", "RATE", "LAG", "OLDEST",
                               "NEWEST"]
    cells = row.split()
    assert cells[:3] == [shard["ShardId"], "open", "5"]
    assert cells[-1].endswith("Z") and cells[-2] <= cells[-1]
    millrace("table", "split", streamed)
    rows = millrace("stream", "stats", streamed).splitlines()[3:]
    assert [one.split()[1] for one in rows] == ["closed", "open", "open"]
    assert streamed in millrace("stream", "stats")
    assert "nope" in millrace.refusal("stream", "stats", "nope")


def test_retention_of_a_table(millrace, client, streamed):
    arn = client.describe_table(TableName=streamed)["Table"]["TableArn"]
    tagged = "72 hours (tag millrace:stream-retention-hours)\n"
    assert millrace("stream", "retention", streamed, "--hours", "72") == tagged
    assert millrace("stream", "retention", streamed) == tagged
    assert client.list_tags_of_resource(ResourceArn=arn)["Tags"] == [
        {"Key": "millrace:stream-retention-hours", "Value": "72"}]
    assert "nope" in millrace.refusal("stream", "retention", "nope")


def test_retention_without_a_stream(millrace, table):
    assert millrace("stream", "retention", table) == "the server's default\n"
    assert millrace("stream", "retention", table, "--hours", "1").startswith("1 hour (tag ")


def test_retention_of_the_server(millrace, client, streamed):
    arn = client.describe_table(TableName=streamed)["Table"]["TableArn"]
    assert millrace("stream", "retention", streamed) == "24 hours (the server's default)\n"
    millrace("stream", "retention", streamed, "--hours", "72")
    assert "kept for 72 hours" in millrace("stream", "stats", streamed)
    client.untag_resource(ResourceArn=arn, TagKeys=["millrace:stream-retention-hours"])
    assert millrace("stream", "retention", streamed) == "24 hours (the server's default)\n"


def test_tail_follows_rolls_and_splits(tmp_path):
    versions = 300
    with Server("--data", tmp_path / "data", "--streams-shard-max-age-seconds", "1") as server:
        client = make_client(server)
        create_table(client, "table", StreamSpecification=BOTH_IMAGES)
        millrace = millrace_of(server, tmp_path)
        with millrace.follow("table") as follower:
            begin_following(follower, lambda one: put(client, "table", one))

            def write():
                for version in range(versions):
                    for one in "abcdefgh":
                        put(client, "table", one, version)

            writer = threading.Thread(target=write)
            writer.start()
            for _ in range(2):
                millrace("table", "split", "table")
            writer.join()
            client.update_table(TableName="table", StreamSpecification={"StreamEnabled": False})
            seen = {}
            for record in follower.end():
                version = int(record["dynamodb"]["NewImage"]["version"]["N"])
                seen.setdefault(key_of(record), []).append(version)
        streams = make_client(server, "dynamodbstreams")
        assert len(shards(streams, client, "table")) > 7  # 1, 2 and 4 of splits, and of rolls
        assert seen == {one: list(range(versions)) for one in "abcdefgh"}
        # The same without following, and from a sequence number in the middle.
        records = [r for r in millrace.records("table") if "marker" not in key_of(r)]
        assert len(records) == versions * 8
