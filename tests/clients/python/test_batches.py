"""BatchGetItem and BatchWriteItem: what they do, what they refuse, and where they stop."""

import pytest

from conftest import create_table, refused
from wire import call


@pytest.fixture
def table(client, name):
    create_table(client, name)
    yield name
    client.delete_table(TableName=name)


def key(number):
    return {"id": {"S": f"key-{number}"}}


def put(number, **attributes):
    return {"PutRequest": {"Item": {**key(number), **attributes}}}


def remove(number):
    return {"DeleteRequest": {"Key": key(number)}}


def write(client, table, *requests, **options):
    return client.batch_write_item(RequestItems={table: list(requests)}, **options)


def ids(items):
    return sorted(item["id"]["S"] for item in items)


def test_writes_and_reads(client, table):
    assert write(client, table, *map(put, range(25)))["UnprocessedItems"] == {}
    write(client, table, put(100), *map(remove, range(5)))
    answer = client.batch_get_item(RequestItems={table: {"Keys": [key(n) for n in range(100)]}})
    assert ids(answer["Responses"][table]) == sorted(f"key-{n}" for n in range(5, 25))
    assert answer["UnprocessedKeys"] == {}


def test_arn_and_projection(client, table):
    arn = client.describe_table(TableName=table)["Table"]["TableArn"]
    write(client, arn, put(1, name={"S": "n"}, other={"S": "o"}))
    answer = client.batch_get_item(RequestItems={arn: {
        "Keys": [key(1)], "ProjectionExpression": "#n", "ExpressionAttributeNames": {"#n": "name"}}})
    assert answer["Responses"] == {arn: [{"name": {"S": "n"}}]}


def test_consumed_capacity(client, table):
    big = {"S": "x" * 1500}
    answer = write(client, table, put(1, big=big), put(2), ReturnConsumedCapacity="INDEXES")
    assert answer["ConsumedCapacity"] == [
        {"TableName": table, "CapacityUnits": 3, "Table": {"CapacityUnits": 3}}]
    answer = client.batch_get_item(
        RequestItems={table: {"Keys": [key(1), key(9)]}}, ReturnConsumedCapacity="TOTAL")
    assert answer["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 1}]


def test_more_than_16_megabytes(client, table):
    filler = {"S": "x" * 390_000}
    for number in range(50):
        write(client, table, put(number, filler=filler))
    asked = {"Keys": [key(n) for n in range(50)], "ConsistentRead": True,
             "ProjectionExpression": "id, #f", "ExpressionAttributeNames": {"#f": "filler"}}
    first = client.batch_get_item(RequestItems={table: asked})
    left = first["UnprocessedKeys"][table]
    assert {k: v for k, v in left.items() if k != "Keys"} == {
        k: v for k, v in asked.items() if k != "Keys"}
    assert len(first["Responses"][table]) == 16 * 1024 * 1024 // 390_015
    second = client.batch_get_item(RequestItems=first["UnprocessedKeys"])
    assert second["UnprocessedKeys"] == {}
    assert ids(first["Responses"][table] + second["Responses"][table]) == sorted(
        f"key-{n}" for n in range(50))


def test_every_change_is_in_the_stream(client, streams, name):
    create_table(client, name, StreamSpecification={
        "StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
    write(client, name, put(1), put(2))
    write(client, name, put(1), remove(2), put(3))
    arn = client.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    records = streams.get_records(ShardIterator=iterator)["Records"]
    assert sorted((r["eventName"], r["dynamodb"]["Keys"]["id"]["S"]) for r in records) == [
        ("INSERT", "key-1"), ("INSERT", "key-2"), ("INSERT", "key-3"), ("REMOVE", "key-2")]
    client.delete_table(TableName=name)


MISMATCH = "The provided key element does not match the schema"
DUPLICATES = "Provided list of item keys contains duplicates"
ONE_OF = ("Supplied AttributeValue has more than one datatypes set, must contain exactly one of "
          "the supported datatypes")


@pytest.mark.parametrize("requests, message", [
    ([put(1), remove(1)], DUPLICATES),
    ([put(1), {}], ONE_OF),
    ([put(1), {**put(2), **remove(3)}], ONE_OF),
    ([put(1), None], ONE_OF),
    ([put(1), {"PutRequest": {"Item": {"other": {"S": "x"}}}}], MISMATCH),
    ([put(1), {"DeleteRequest": {"Key": {"id": {"N": "1"}}}}], MISMATCH),
    ([put(1), put(2, x={"S": "x" * 409_600})], "Item size has exceeded the maximum allowed size"),
])
def test_refused_writes_write_nothing(client, server, table, requests, message):
    answer = call(server, "BatchWriteItem", {"RequestItems": {table: requests}})
    assert answer.error == ("ValidationException", message)
    assert client.scan(TableName=table)["Count"] == 0


@pytest.mark.parametrize("operation", ["BatchGetItem", "BatchWriteItem"])
def test_no_tables(server, operation):
    assert call(server, operation, {"RequestItems": {}}).error == (
        "ValidationException", f"The requestItems parameter is required for {operation}")


def test_limits_over_tables(server, table):
    other = table + "-other"
    answer = call(server, "BatchWriteItem", {"RequestItems": {
        table: [put(n) for n in range(25)], other: [put(1)]}})
    assert answer.error == ("ValidationException",
                            "Too many items requested for the BatchWriteItem call")
    answer = call(server, "BatchGetItem", {"RequestItems": {
        table: {"Keys": [key(n) for n in range(100)]}, other: {"Keys": [key(1)]}}})
    assert answer.error == ("ValidationException",
                            "Too many items requested for the BatchGetItem call")
    answer = call(server, "BatchGetItem", {"RequestItems": {
        table: {"Keys": [key(n) for n in range(101)]}}})
    assert answer.error == ("ValidationException", (
        f"1 validation error detected: Value at 'RequestItems.{table}.member.Keys' failed to "
        "satisfy constraint: Member must have length less than or equal to 100"))


def test_refused_reads(client, table):
    with refused("ValidationException", DUPLICATES):
        client.batch_get_item(RequestItems={table: {"Keys": [key(1), key(1)]}})
    with refused("ValidationException", MISMATCH):
        client.batch_get_item(RequestItems={table: {"Keys": [{"other": {"S": "x"}}]}})
    with refused("ResourceNotFoundException", "Requested resource not found"):
        client.batch_get_item(RequestItems={"not-there": {"Keys": [key(1)]}})
    with refused("ResourceNotFoundException", "Requested resource not found"):
        write(client, "not-there", put(1))
