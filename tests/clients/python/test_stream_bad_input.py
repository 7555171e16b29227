"""What bad input of the Streams API gets: the service's error, and nothing of anybody's data."""

import base64
import time

import pytest

from conftest import make_client, refused
from server import Server
from shards import (children_of, create_streamed, ids, iterator, numbers, put, read, shards_of,
                    split)

INVALID_ITERATOR = ("ValidationException", "Invalid ShardIterator")


@pytest.fixture
def arn(client, name):
    arn = create_streamed(client, name)
    put(client, name, "secret-1", "secret-2", "secret-3")
    return arn


@pytest.fixture
def unchecked(server):
    """Sends what boto3 would refuse."""
    return make_client(server, "dynamodbstreams", parameter_validation=False)


@pytest.fixture
def start(streams, arn):
    return iterator(streams, arn, shards_of(streams, arn)[0])


def test_truncated_iterators(unchecked, start):
    for length in range(0, len(start)):
        with refused("ValidationException") as refusal:
            unchecked.get_records(ShardIterator=start[:length])
        assert "secret" not in str(refusal.response)


def test_iterators_with_something_behind(streams, start):
    for more in ("A", "=", " ", "|", "|1|AAAA", start):
        with refused(*INVALID_ITERATOR):
            streams.get_records(ShardIterator=start + more)


def test_iterators_with_a_changed_character(streams, start):
    for position, character in enumerate(start):
        changed = start[:position] + ("B" if character != "B" else "C") + start[position + 1:]
        with refused("ValidationException"):
            streams.get_records(ShardIterator=changed)


def test_iterators_with_a_changed_bit(streams, start):
    """Every bit of the last part, which says where to read."""
    head, payload = start.rsplit("|", 1)
    content = bytearray(base64.b64decode(payload))
    for bit in range(8 * len(content)):
        content[bit // 8] ^= 1 << bit % 8
        with refused(*INVALID_ITERATOR):
            forged = base64.b64encode(content).decode()
            streams.get_records(ShardIterator=f"{head}|{forged}")
        content[bit // 8] ^= 1 << bit % 8


def test_an_iterator_does_not_open_another_stream(client, streams, name, arn, start):
    other_name = name + "-other"
    other = create_streamed(client, other_name)
    other_start = iterator(streams, other, shards_of(streams, other)[0])
    for forged in (start.replace(arn, other), other_start.replace(other, arn),
                   start.replace(name, other_name)):
        with refused(*INVALID_ITERATOR):
            streams.get_records(ShardIterator=forged)
    assert ids(read(streams, start)[0]) == ["secret-1", "secret-2", "secret-3"]


def test_an_iterator_of_another_server(client, streams, name, start):
    with Server("--memory") as other:
        other_client, other_streams = make_client(other), make_client(other, "dynamodbstreams")
        other_arn = create_streamed(other_client, name)
        put(other_client, name, "other")
        with refused(*INVALID_ITERATOR):
            other_streams.get_records(ShardIterator=start)
        foreign = iterator(other_streams, other_arn, shards_of(other_streams, other_arn)[0])
    with refused(*INVALID_ITERATOR):
        streams.get_records(ShardIterator=foreign)


@pytest.mark.parametrize("bad", ["", "x" * 2049, "\u00e4" * 40, "|1|", "arn|1|", "|||", "\0" * 30])
def test_what_never_was_an_iterator(unchecked, bad):
    with refused("ValidationException"):
        unchecked.get_records(ShardIterator=bad)


def test_an_iterator_has_no_more_than_2048_characters(client, streams):
    """Also that of a stream of the longest name."""
    name = "n" * 255
    arn = create_streamed(client, name)
    start = iterator(streams, arn, shards_of(streams, arn)[0])
    assert len(start) <= 2048
    assert streams.get_records(ShardIterator=start)["Records"] == []
    client.delete_table(TableName=name)


def test_expired_iterators_of_each_type(name):
    with Server("--memory", "--streams-iterator-max-age-seconds", "1") as server:
        client, streams = make_client(server), make_client(server, "dynamodbstreams")
        arn = create_streamed(client, name)
        put(client, name, "secret-1")
        (shard,) = shards_of(streams, arn)
        records, behind = read(streams, iterator(streams, arn, shard))
        number = numbers(records)[0]
        starts = [behind, iterator(streams, arn, shard), iterator(streams, arn, shard, "LATEST"),
                  *(iterator(streams, arn, shard, kind, SequenceNumber=number)
                    for kind in ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"))]
        time.sleep(1.2)
        for start in starts:
            with refused("ExpiredIteratorException") as refusal:
                streams.get_records(ShardIterator=start)
            assert "secret" not in str(refusal.response)
            forged = start[:-3] + ("AAA" if start[-3:] != "AAA" else "BBB")
            with refused(*INVALID_ITERATOR):  # what is forged is not told its age
                streams.get_records(ShardIterator=forged)


def test_sequence_numbers(server, streams, name, arn, unchecked):
    (shard,) = shards_of(streams, arn)
    held = numbers(read(streams, iterator(streams, arn, shard))[0])
    bounds = shard["SequenceNumberRange"]
    below = str(int(bounds["StartingSequenceNumber"]) - 1)
    above = str(int(held[-1]) + 1)
    split(server, name)
    bad = [below, above, "0" + held[0], "00" + held[0], held[0][:-1], held[0] + "0", " " + held[0],
           held[0] + " ", "+" + held[0], "-" + held[0], held[0][:-1] + "x", held[0] + ".0",
           "1" * 40, "1" * 41, "9" * 21, "0" * 21, "1" * 20, "not-a-number-but-long-enough", "",
           "\u0661" * 21, "1e" + "0" * 20, "0x" + "1" * 20, held[0].replace("1", "2", 1)]
    for kind in ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"):
        for number in bad:
            with refused("ValidationException"):
                print(kind, repr(number))
                iterator(unchecked, arn, shard, kind, SequenceNumber=number)
        for number in held:
            iterator(streams, arn, shard, kind, SequenceNumber=number)


def test_sequence_numbers_of_another_shard(server, client, streams, name, arn):
    split(server, name)
    put(client, name, *range(20))
    parent, *children = shards_of(streams, arn)
    held = {shard["ShardId"]: numbers(read(streams, iterator(streams, arn, shard))[0])
            for shard in (parent, *children)}
    for child in children:
        for number in held[parent["ShardId"]]:
            with refused("ValidationException"):
                iterator(streams, arn, child, "AT_SEQUENCE_NUMBER", SequenceNumber=number)
        for number in held[child["ShardId"]]:
            with refused("ValidationException"):
                iterator(streams, arn, parent, "AT_SEQUENCE_NUMBER", SequenceNumber=number)


def test_a_shard_of_another_stream(server, client, streams, name, arn):
    other = create_streamed(client, name + "-other")
    (foreign,) = shards_of(streams, other)
    client.update_table(TableName=name, StreamSpecification={"StreamEnabled": False})
    client.update_table(TableName=name, StreamSpecification={
        "StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
    later = client.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    pairs = [(arn, foreign), (other, shards_of(streams, arn)[0]),
             (arn, shards_of(streams, later)[0]), (later, shards_of(streams, arn)[0])]
    for stream, shard in pairs:
        for kind in ("TRIM_HORIZON", "LATEST"):
            with refused("ResourceNotFoundException",
                         f"Requested resource not found: Shard: {shard['ShardId']} in Stream: "
                         f"{stream} not found"):
                iterator(streams, stream, shard, kind)
        assert children_of(server, stream, shard)["Shards"] == []


@pytest.mark.parametrize("change", [
    lambda arn: arn.replace("us-east-1", "eu-west-1"),
    lambda arn: arn.replace("000000000000", "999999999999"),
    lambda arn: arn.replace("/stream/", "x/stream/"),
    lambda arn: arn[:-1] + ("1" if arn[-1] != "1" else "2"),
])
def test_unknown_arns(streams, arn, change):
    unknown = change(arn)
    shard = shards_of(streams, arn)[0]
    message = f"Requested resource not found: Stream: {unknown} not found"
    with refused("ResourceNotFoundException", message):
        streams.describe_stream(StreamArn=unknown)
    with refused("ResourceNotFoundException", message):
        iterator(streams, unknown, shard)


@pytest.mark.parametrize("bad", [
    "", "x", "x" * 36, "x" * 37, "x" * 1025, "arn:aws:dynamodb:us-east-1:000000000000:table/some",
    "arn:aws:dynamodb:us-east-1:000000000000:table/some/stream/", "arn:aws:s3:::a" + "b" * 30,
    "arn:aws:kinesis:us-east-1:000000000000:stream/some-stream-of-some-length",
    "arn:aws:dynamodb:us-east-1:000000000000:table/some/index/2024-01-01T00:00:00.000"])
def test_malformed_arns(unchecked, bad):
    with refused("ValidationException"):
        unchecked.describe_stream(StreamArn=bad)
    with refused("ValidationException"):
        unchecked.get_shard_iterator(StreamArn=bad, ShardIteratorType="LATEST",
                                     ShardId="shardId-00000000000000000001-00000000")
    with refused("ValidationException"):
        unchecked.list_streams(ExclusiveStartStreamArn=bad)


@pytest.mark.parametrize("operation, request_without", [
    ("describe_stream", {}), ("get_records", {}),
    ("get_shard_iterator", {"ShardIteratorType": "LATEST"}),
    ("get_records", {"ShardIterator": "x", "Limit": 0}),
    ("get_records", {"ShardIterator": "x", "Limit": -1}),
    ("list_streams", {"Limit": 0}), ("list_streams", {"TableName": "x"}),
    ("list_streams", {"TableName": "?" * 10}), ("list_streams", {"TableName": "x" * 256}),
])
def test_missing_and_malformed_parameters(unchecked, operation, request_without):
    with refused("ValidationException"):
        getattr(unchecked, operation)(**request_without)


@pytest.mark.parametrize("limit", [0, -1, 101])
def test_bounds_of_a_page_of_shards(unchecked, arn, limit):
    with refused("ValidationException"):
        unchecked.describe_stream(StreamArn=arn, Limit=limit)
