"""Streams of several shards: what DescribeStream tells of them, and reading each of them."""

import time

import pytest

from conftest import make_client
from server import Server
from shards import (children_of, children_page, create_streamed, describe, ids, is_closed,
                    iterator, numbers, put, read, shards_of, split)
from wire import MILLRACE, call

VALUES = range(40)


@pytest.fixture
def arn(server, client, name):
    """Of a table that wrote VALUES, was split twice, and wrote them again after each."""
    arn = create_streamed(client, name)
    for _ in range(2):
        put(client, name, *VALUES)
        split(server, name)
        for value in VALUES:
            client.delete_item(TableName=name, Key={"id": {"S": str(value)}})
    return arn


def test_lineage_of_splits(streams, arn):
    shards = shards_of(streams, arn)
    parents = [shard.get("ParentShardId") for shard in shards]
    first, left, right = (shard["ShardId"] for shard in shards[:3])
    assert parents == [None, first, first, left, left, right, right]
    assert [is_closed(shard) for shard in shards] == [True] * 3 + [False] * 4
    assert [shard["ShardId"] for shard in shards] == sorted(shard["ShardId"] for shard in shards)
    by_id = {shard["ShardId"]: shard["SequenceNumberRange"] for shard in shards}
    for shard in shards[1:]:
        parent = by_id[shard["ParentShardId"]]
        start = int(shard["SequenceNumberRange"]["StartingSequenceNumber"])
        assert start > int(parent["EndingSequenceNumber"])


def test_a_split_tells_of_its_shards(server, client, streams, name):
    arn = create_streamed(client, name)
    (only,) = shards_of(streams, arn)
    answer = split(server, name, only["ShardId"])
    parent, *children = (shard["ShardId"] for shard in shards_of(streams, arn))
    assert answer == {"TableName": name, "PartitionCount": 2,
                      "Splits": [{"ParentShardId": parent, "ChildShardIds": children}]}
    answer = split(server, name, children[0])
    assert answer["PartitionCount"] == 3
    assert [one["ParentShardId"] for one in answer["Splits"]] == children[:1]
    assert split(server, name)["PartitionCount"] == 6


def test_what_cannot_be_split(server, client, streams, name):
    arn = create_streamed(client, name)
    (only,) = shards_of(streams, arn)
    other_arn = create_streamed(client, name + "-other")
    (of_other,) = shards_of(streams, other_arn)
    split(server, name)

    def refusal(**request):
        answer = call(server, "SplitTable", request, service=MILLRACE)
        assert answer.status == 400
        return answer.error[0]

    assert refusal(TableName=name, ShardId=only["ShardId"]) == "ValidationException"
    assert refusal(TableName="no-such-table") == "ResourceNotFoundException"
    unknown = "shardId-99999999999999999999-00000000"
    for shard_id in (unknown, of_other["ShardId"]):
        assert refusal(TableName=name, ShardId=shard_id) == "ResourceNotFoundException"
    assert refusal() == "ValidationException"
    assert len(shards_of(streams, arn)) == 3 and len(shards_of(streams, other_arn)) == 1


def test_each_change_is_in_one_shard(streams, arn):
    found = {}
    for shard in shards_of(streams, arn):
        records, _ = read(streams, iterator(streams, arn, shard))
        assert [int(n) for n in numbers(records)] == sorted(map(int, set(numbers(records))))
        for record in records:
            identity = record["dynamodb"]["Keys"]["id"]["S"]
            found.setdefault(identity, []).append((record["eventName"], shard["ShardId"]))
    assert found.keys() == {str(value) for value in VALUES}
    parents = {shard["ShardId"]: shard.get("ParentShardId") for shard in shards_of(streams, arn)}
    for identity, records in found.items():
        names = [event_name for event_name, _ in records]
        assert names == ["INSERT", "REMOVE", "INSERT", "REMOVE"], identity
        (_, one), (_, two), (_, three), (_, four) = records
        assert parents[two] == one and two == three and parents[four] == three, identity


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 100])
def test_pages_of_shards(streams, arn, limit):
    whole = shards_of(streams, arn)
    found, options = [], {}
    for _ in range(10):
        page = describe(streams, arn, Limit=limit, **options)
        assert len(page["Shards"]) <= limit
        found += page["Shards"]
        if "LastEvaluatedShardId" not in page:
            break
        assert page["LastEvaluatedShardId"] == page["Shards"][-1]["ShardId"]
        options = {"ExclusiveStartShardId": page["LastEvaluatedShardId"]}
    assert found == whole


def test_the_filter_finds_children(server, streams, arn):
    whole = shards_of(streams, arn)
    for shard in whole:
        wanted = [other for other in whole if other.get("ParentShardId") == shard["ShardId"]]
        assert children_of(server, arn, shard)["Shards"] == wanted
        page = children_of(server, arn, shard, Limit=1)
        assert page["Shards"] == wanted[:1]
        assert page.get("LastEvaluatedShardId") == (wanted[0]["ShardId"] if wanted else None)
        for child in wanted[:1]:
            rest = children_of(server, arn, shard, ExclusiveStartShardId=child["ShardId"])
            assert rest["Shards"] == wanted[1:]


@pytest.mark.parametrize("shard_filter", [
    {"Type": "CHILD_SHARDS"}, {"Type": "SOMETHING", "ShardId": "shardId-" + "1" * 20 + "-00000000"},
    {"ShardId": "shardId-" + "1" * 20 + "-00000000"}, {"Type": "CHILD_SHARDS", "ShardId": "short"}])
def test_bad_filters(server, arn, shard_filter):
    answer = children_page(server, arn, shard_filter)
    assert (answer.status, answer.error[0]) == (400, "ValidationException")


def test_each_iterator_type_on_a_closed_shard(streams, arn):
    closed = shards_of(streams, arn)[0]
    whole, end = read(streams, iterator(streams, arn, closed))
    assert ids(whole) == [str(value) for value in VALUES] and end is None
    last = numbers(whole)[-1]
    assert int(closed["SequenceNumberRange"]["StartingSequenceNumber"]) <= int(numbers(whole)[0])
    assert closed["SequenceNumberRange"]["EndingSequenceNumber"] == last
    assert read(streams, iterator(streams, arn, closed, "LATEST")) == ([], None)
    for position in (0, 17, len(whole) - 1):
        number = numbers(whole)[position]
        at = iterator(streams, arn, closed, "AT_SEQUENCE_NUMBER", SequenceNumber=number)
        assert read(streams, at) == (whole[position:], None)
        after = iterator(streams, arn, closed, "AFTER_SEQUENCE_NUMBER", SequenceNumber=number)
        assert read(streams, after) == (whole[position + 1:], None)


def test_the_last_page_of_a_closed_shard(streams, arn):
    """It holds records and no iterator."""
    closed = shards_of(streams, arn)[0]
    page = streams.get_records(ShardIterator=iterator(streams, arn, closed), Limit=len(VALUES) - 1)
    assert len(page["Records"]) == len(VALUES) - 1
    page = streams.get_records(ShardIterator=page["NextShardIterator"], Limit=1)
    assert len(page["Records"]) == 1 and "NextShardIterator" not in page


def test_an_iterator_that_is_older_than_the_end_of_its_shard(server, client, streams, name):
    arn = create_streamed(client, name)
    (shard,) = shards_of(streams, arn)
    put(client, name, "before")
    latest = iterator(streams, arn, shard, "LATEST")
    horizon = iterator(streams, arn, shard)
    put(client, name, "between")
    split(server, name)
    put(client, name, "after")
    records, end = read(streams, latest)
    assert (ids(records), end) == (["between"], None)
    records, end = read(streams, horizon)
    assert (ids(records), end) == (["before", "between"], None)
    later = [ids(read(streams, iterator(streams, arn, child))[0])
             for child in shards_of(streams, arn)[1:]]
    assert sorted(later) == [[], ["after"]]


def test_latest_of_an_empty_child(server, client, streams, name):
    arn = create_streamed(client, name)
    split(server, name)
    starts = [iterator(streams, arn, shard, "LATEST") for shard in shards_of(streams, arn)[1:]]
    put(client, name, *VALUES)
    found = [ids(read(streams, start)[0]) for start in starts]
    assert sorted(found[0] + found[1], key=int) == [str(value) for value in VALUES]
    assert all(found)


def test_shards_roll_over_by_age(name, tmp_path):
    options = ("--data", tmp_path / "data", "--streams-shard-max-age-seconds", "1")
    with Server(*options) as server:
        client, streams = make_client(server), make_client(server, "dynamodbstreams")
        arn = create_streamed(client, name)
        written, deadline = 0, time.monotonic() + 15
        while len(shards_of(streams, arn)) < 4:
            assert time.monotonic() < deadline, shards_of(streams, arn)
            put(client, name, written)
            written += 1
        shards = shards_of(streams, arn)
    with Server(*options) as server:  # the lineage goes on where it was
        streams = make_client(server, "dynamodbstreams")
        again = shards_of(streams, arn)
        assert again[:len(shards) - 1] == shards[:-1]
        assert [shard.get("ParentShardId") for shard in again] == [
            None, *(shard["ShardId"] for shard in again[:-1])]
        assert [is_closed(shard) for shard in again] == [True] * (len(again) - 1) + [False]
        records = [record for shard in again
                   for record in read(streams, iterator(streams, arn, shard))[0]]
        assert ids(records) == [str(value) for value in range(written)]
        values = list(map(int, numbers(records)))
        assert values == sorted(set(values))


def test_more_than_a_page_of_shards(server, client, streams, name):
    arn = create_streamed(client, name)
    for _ in range(6):
        split(server, name)
    put(client, name, *VALUES)
    first = describe(streams, arn)
    assert len(first["Shards"]) == 100
    second = describe(streams, arn, ExclusiveStartShardId=first["LastEvaluatedShardId"])
    assert len(second["Shards"]) == 27 and "LastEvaluatedShardId" not in second
    found = [identity for shard in first["Shards"] + second["Shards"] if not is_closed(shard)
             for identity in ids(read(streams, iterator(streams, arn, shard))[0])]
    assert sorted(found, key=int) == [str(value) for value in VALUES]
    scanned = client.scan(TableName=name)["Items"]
    assert len(scanned) == len(VALUES)
