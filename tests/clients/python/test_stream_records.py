"""What a change becomes in the stream: names, images, sizes, and what makes no record."""

import datetime

import pytest

from conftest import create_table, read_stream, stream_arn
from samples import ALL_TYPES

KEY = {"id": {"S": "a"}}


def streamed(client, name, view="NEW_AND_OLD_IMAGES", keys="id:S"):
    create_table(client, name, keys, StreamSpecification={
        "StreamEnabled": True, "StreamViewType": view})
    return stream_arn(client, name)


def change_thrice(client, name):
    client.put_item(TableName=name, Item={**KEY, "v": {"S": "one"}})
    client.put_item(TableName=name, Item={**KEY, "v": {"S": "second"}})
    client.delete_item(TableName=name, Key=KEY)


ONE, SECOND = {**KEY, "v": {"S": "one"}}, {**KEY, "v": {"S": "second"}}


@pytest.mark.parametrize("view, images, sizes", [
    ("KEYS_ONLY", [(None, None)] * 3, [3, 3, 3]),
    ("NEW_IMAGE", [(None, ONE), (None, SECOND), (None, None)], [10, 13, 3]),
    ("OLD_IMAGE", [(None, None), (ONE, None), (SECOND, None)], [3, 10, 13]),
    ("NEW_AND_OLD_IMAGES", [(None, ONE), (ONE, SECOND), (SECOND, None)], [10, 20, 13]),
])
def test_view_types(client, streams, name, view, images, sizes):
    arn = streamed(client, name, view)
    change_thrice(client, name)
    records = read_stream(streams, arn)
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
    changes = [record["dynamodb"] for record in records]
    assert [(c.get("OldImage"), c.get("NewImage")) for c in changes] == images
    assert [c["SizeBytes"] for c in changes] == sizes
    for change in changes:
        assert change["Keys"] == KEY
        assert change["StreamViewType"] == view


def test_record_members(client, streams, name):
    arn = streamed(client, name)
    change_thrice(client, name)
    records = read_stream(streams, arn)
    for record in records:
        assert record["eventVersion"] == "1.1"
        assert record["eventSource"] == "aws:dynamodb"
        assert record["awsRegion"] == "us-east-1"
        assert len(record["eventID"]) == 32 and int(record["eventID"], 16) >= 0
        assert "userIdentity" not in record
        time = record["dynamodb"]["ApproximateCreationDateTime"]
        assert time.microsecond == 0
        age = datetime.datetime.now(datetime.timezone.utc) - time
        assert abs(age) < datetime.timedelta(minutes=1)
        sequence = record["dynamodb"]["SequenceNumber"]
        assert 21 <= len(sequence) <= 40 and sequence.isdigit() and sequence[0] != "0"
    assert len({record["eventID"] for record in records}) == 3
    numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in records]
    assert numbers == sorted(set(numbers))


def test_keys_of_a_table_with_a_sort_key(client, streams, name):
    arn = streamed(client, name, "KEYS_ONLY", "p:S s:N")
    client.put_item(TableName=name, Item={"p": {"S": "a"}, "s": {"N": "1.0"}, "v": {"S": "x"}})
    (record,) = read_stream(streams, arn)
    assert record["dynamodb"]["Keys"] == {"p": {"S": "a"}, "s": {"N": "1"}}


BASE = {**KEY, "n": {"N": "1"}, "set": {"SS": ["a", "b"]}, "m": {"M": {"x": {"S": "1"}}},
        "l": {"L": [{"N": "1"}]}}


@pytest.mark.parametrize("write", [
    lambda c, t: c.put_item(TableName=t, Item=BASE),
    lambda c, t: c.put_item(TableName=t, Item={**dict(reversed(BASE.items())),
                                               "n": {"N": "1.00"}, "set": {"SS": ["b", "a"]}}),
    lambda c, t: c.update_item(TableName=t, Key=KEY),
    lambda c, t: c.update_item(TableName=t, Key=KEY, UpdateExpression="REMOVE absent"),
    lambda c, t: c.update_item(TableName=t, Key=KEY, UpdateExpression="SET n = :n",
                               ExpressionAttributeValues={":n": {"N": "1.0"}}),
    lambda c, t: c.update_item(TableName=t, Key=KEY, UpdateExpression="ADD n :zero",
                               ExpressionAttributeValues={":zero": {"N": "0"}}),
    lambda c, t: c.update_item(TableName=t, Key=KEY, UpdateExpression="ADD #s :a",
                               ExpressionAttributeNames={"#s": "set"},
                               ExpressionAttributeValues={":a": {"SS": ["a"]}}),
    lambda c, t: c.update_item(TableName=t, Key=KEY, UpdateExpression="DELETE #s :z",
                               ExpressionAttributeNames={"#s": "set"},
                               ExpressionAttributeValues={":z": {"SS": ["z"]}}),
    lambda c, t: c.update_item(TableName=t, Key=KEY, UpdateExpression="SET m.x = m.x"),
    lambda c, t: c.delete_item(TableName=t, Key={"id": {"S": "missing"}}),
    lambda c, t: c.update_item(TableName=t, Key={"id": {"S": "missing"}},
                               UpdateExpression="REMOVE absent"),
], ids=["same put", "same put by value", "bare update", "remove absent", "set equal number",
        "add zero", "add member that is there", "delete member that is not", "set to itself",
        "delete missing", "remove on missing item"])
def test_no_record_for_no_change(client, streams, name, write):
    arn = streamed(client, name)
    client.put_item(TableName=name, Item=BASE)
    write(client, name)
    assert [record["eventName"] for record in read_stream(streams, arn)] == ["INSERT"]
    assert "Item" not in client.get_item(TableName=name, Key={"id": {"S": "missing"}})


def test_failed_writes_make_no_record(client, streams, name):
    arn = streamed(client, name)
    client.put_item(TableName=name, Item=ONE)
    try:
        client.put_item(TableName=name, Item=SECOND,
                        ConditionExpression="attribute_not_exists(id)")
    except client.exceptions.ConditionalCheckFailedException:
        pass
    assert len(read_stream(streams, arn)) == 1


def test_key_only_update_of_a_missing_item_is_an_insert(client, streams, name):
    arn = streamed(client, name)
    client.update_item(TableName=name, Key=KEY)
    (record,) = read_stream(streams, arn)
    assert (record["eventName"], record["dynamodb"]["NewImage"]) == ("INSERT", KEY)


def test_update_images_are_whole(client, streams, name):
    arn = streamed(client, name)
    client.put_item(TableName=name, Item=BASE)
    client.update_item(TableName=name, Key=KEY, UpdateExpression="SET n = n + n REMOVE m")
    change = read_stream(streams, arn)[1]["dynamodb"]
    assert change["OldImage"].keys() == BASE.keys()
    assert change["NewImage"].keys() == BASE.keys() - {"m"}
    assert change["NewImage"]["n"] == {"N": "2"}


def test_every_type_in_an_image(client, streams, name):
    arn = streamed(client, name)
    client.put_item(TableName=name, Item=ALL_TYPES)
    (record,) = read_stream(streams, arn)
    assert record["dynamodb"]["NewImage"] == ALL_TYPES
