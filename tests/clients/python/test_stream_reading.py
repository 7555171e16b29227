"""ListStreams, DescribeStream, the four iterator types, and paging through GetRecords."""

import re

import pytest

from conftest import create_table, make_client, refused, stream_arn
from server import Server


@pytest.fixture
def arn(client, name):
    create_table(client, name, StreamSpecification={
        "StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    return stream_arn(client, name)


def put(client, table, *values):
    for value in values:
        client.put_item(TableName=table, Item={"id": {"S": str(value)}})


def only_shard(streams, arn):
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    return shard


def iterator(streams, arn, kind, **options):
    return streams.get_shard_iterator(
        StreamArn=arn, ShardId=only_shard(streams, arn)["ShardId"], ShardIteratorType=kind,
        **options)["ShardIterator"]


def ids(page):
    return [record["dynamodb"]["Keys"]["id"]["S"] for record in page["Records"]]


def test_describe_stream(streams, name, arn):
    stream = streams.describe_stream(StreamArn=arn)["StreamDescription"]
    assert stream["StreamArn"] == arn
    assert stream["StreamLabel"] == arn.rsplit("/", 1)[1]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}", stream["StreamLabel"])
    assert arn.startswith(f"arn:aws:dynamodb:us-east-1:000000000000:table/{name}/stream/")
    assert stream["StreamStatus"] == "ENABLED"
    assert stream["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert stream["TableName"] == name
    assert stream["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert "CreationRequestDateTime" in stream
    (shard,) = stream["Shards"]
    assert 28 <= len(shard["ShardId"]) <= 65
    assert re.fullmatch(r"shardId-\d{20}-[0-9a-f]{8}", shard["ShardId"])
    assert "StartingSequenceNumber" in shard["SequenceNumberRange"]
    assert "EndingSequenceNumber" not in shard["SequenceNumberRange"]
    assert "ParentShardId" not in shard


def test_describe_stream_pages(streams, arn):
    shard = only_shard(streams, arn)["ShardId"]
    after = streams.describe_stream(StreamArn=arn, ExclusiveStartShardId=shard)
    assert after["StreamDescription"]["Shards"] == []
    page = streams.describe_stream(StreamArn=arn, Limit=1)["StreamDescription"]
    assert [found["ShardId"] for found in page["Shards"]] == [shard]


def test_trim_horizon_and_latest(client, streams, name, arn):
    put(client, name, 1, 2)
    latest = iterator(streams, arn, "LATEST")
    put(client, name, 3)
    assert ids(streams.get_records(ShardIterator=iterator(streams, arn, "TRIM_HORIZON"))) == [
        "1", "2", "3"]
    page = streams.get_records(ShardIterator=latest)
    assert ids(page) == ["3"]
    put(client, name, 4)
    assert ids(streams.get_records(ShardIterator=page["NextShardIterator"])) == ["4"]


def test_at_and_after_sequence_number(client, streams, name, arn):
    put(client, name, 1, 2, 3)
    page = streams.get_records(ShardIterator=iterator(streams, arn, "TRIM_HORIZON"))
    second = page["Records"][1]["dynamodb"]["SequenceNumber"]
    at = iterator(streams, arn, "AT_SEQUENCE_NUMBER", SequenceNumber=second)
    assert ids(streams.get_records(ShardIterator=at)) == ["2", "3"]
    after = iterator(streams, arn, "AFTER_SEQUENCE_NUMBER", SequenceNumber=second)
    assert ids(streams.get_records(ShardIterator=after)) == ["3"]


def test_an_iterator_can_be_used_again(client, streams, name, arn):
    put(client, name, 1)
    start = iterator(streams, arn, "TRIM_HORIZON")
    assert streams.get_records(ShardIterator=start)["Records"] == \
        streams.get_records(ShardIterator=start)["Records"]


def test_limit_pages(client, streams, name, arn):
    put(client, name, *range(7))
    found, start, pages = [], iterator(streams, arn, "TRIM_HORIZON"), 0
    while len(found) < 7:
        page = streams.get_records(ShardIterator=start, Limit=3)
        assert len(page["Records"]) <= 3
        found += ids(page)
        start = page["NextShardIterator"]
        pages += 1
    assert (found, pages) == ([str(number) for number in range(7)], 3)
    end = streams.get_records(ShardIterator=start)
    assert end["Records"] == [] and "NextShardIterator" in end


def test_a_page_holds_at_most_a_megabyte(client, streams, name, arn):
    for number in range(5):
        client.put_item(TableName=name, Item={"id": {"S": str(number)},
                                              "data": {"S": "x" * 390_000}})
    found, start, pages = [], iterator(streams, arn, "TRIM_HORIZON"), 0
    while len(found) < 5:
        page = streams.get_records(ShardIterator=start)
        assert sum(r["dynamodb"]["SizeBytes"] for r in page["Records"]) <= 1024 * 1024
        found += ids(page)
        start = page["NextShardIterator"]
        pages += 1
    assert found == ["0", "1", "2", "3", "4"] and pages >= 2


def test_a_thousand_records_a_page(client, streams, name, arn):
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: put(client, name, number), range(1100)))
    first = streams.get_records(ShardIterator=iterator(streams, arn, "TRIM_HORIZON"))
    assert len(first["Records"]) == 1000
    rest = streams.get_records(ShardIterator=first["NextShardIterator"])
    assert sorted(map(int, ids(first) + ids(rest))) == list(range(1100))


@pytest.mark.parametrize("kind, options", [
    ("AT_SEQUENCE_NUMBER", {}), ("AFTER_SEQUENCE_NUMBER", {}),
    ("LATEST", {"SequenceNumber": "1" * 21}), ("TRIM_HORIZON", {"SequenceNumber": "1" * 21}),
    ("AT_SEQUENCE_NUMBER", {"SequenceNumber": "not-a-number-but-long-enough"}),
    ("SOMEWHERE", {}),
])
def test_bad_iterator_requests(server, arn, kind, options):
    unchecked = make_client(server, "dynamodbstreams", parameter_validation=False)
    with refused("ValidationException"):
        iterator(unchecked, arn, kind, **options)


def test_bad_limits(server, streams, arn):
    unchecked = make_client(server, "dynamodbstreams", parameter_validation=False)
    start = iterator(streams, arn, "TRIM_HORIZON")
    for limit in (0, 1001):
        with refused("ValidationException"):
            unchecked.get_records(ShardIterator=start, Limit=limit)
    with refused("ValidationException"):
        unchecked.list_streams(Limit=101)


@pytest.mark.parametrize("bad", ["nonsense", "0" * 400])
def test_bad_iterators(streams, bad):
    with refused("ValidationException"):
        streams.get_records(ShardIterator=bad)


def test_unknown_streams_and_shards(streams, name, arn):
    unknown = arn.rsplit("/", 1)[0] + "/2001-01-01T00:00:00.000"
    with refused("ResourceNotFoundException",
                 f"Requested resource not found: Stream: {unknown} not found"):
        streams.describe_stream(StreamArn=unknown)
    with refused("ResourceNotFoundException"):
        streams.get_shard_iterator(StreamArn=unknown, ShardIteratorType="LATEST",
                                   ShardId="shardId-00000000000000000001-00000000")
    with refused("ResourceNotFoundException"):
        streams.get_shard_iterator(StreamArn=arn, ShardIteratorType="LATEST",
                                   ShardId="shardId-99999999999999999999-00000000")
    with refused("ValidationException"):
        streams.describe_stream(StreamArn="x" * 40)


def test_list_streams_pages():
    with Server("--memory") as server:
        client, streams = make_client(server), make_client(server, "dynamodbstreams")
        assert streams.list_streams()["Streams"] == []
        arns = set()
        for name in ("table-a", "table-b", "table-c"):
            create_table(client, name, StreamSpecification={
                "StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
            arns.add(stream_arn(client, name))
        create_table(client, "table-without")
        found, start = [], {}
        for _ in range(10):
            page = streams.list_streams(Limit=2, **start)
            assert len(page["Streams"]) <= 2
            found += [stream["StreamArn"] for stream in page["Streams"]]
            if "LastEvaluatedStreamArn" not in page:
                break
            start = {"ExclusiveStartStreamArn": page["LastEvaluatedStreamArn"]}
        assert len(found) == 3 and set(found) == arns
        (one,) = streams.list_streams(TableName="table-b")["Streams"]
        assert one["TableName"] == "table-b"
        assert one["StreamArn"].endswith(one["StreamLabel"])
        assert streams.list_streams(TableName="table-without")["Streams"] == []
