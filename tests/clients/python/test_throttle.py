"""Provisioned throughput as a limit: only where it is asked for."""

import time

import pytest

from conftest import create_table, make_client, refused
from server import Server

EXCEEDED = "ProvisionedThroughputExceededException"


@pytest.fixture(scope="module")
def throttled(tmp_path_factory):
    directory = tmp_path_factory.mktemp("throttled")
    (directory / "millrace.toml").write_text(
        'listen = "127.0.0.1:0"\n[limits]\nthrottle = true\n')
    with Server("--data", directory / "data", "--config", directory / "millrace.toml") as running:
        yield make_client(running)


def provisioned(client, name, reads, writes, **options):
    create_table(client, name, BillingMode="PROVISIONED", ProvisionedThroughput={
        "ReadCapacityUnits": reads, "WriteCapacityUnits": writes}, **options)


# Of this size one item overdraws a small table's units for longer than a test takes.
LARGE = 200_000


def item(number, size=10):
    return {"id": {"S": str(number)}, "fill": {"S": "x" * size}}


def count_until_refused(operation, most=100):
    for number in range(most):
        try:
            operation(number)
        except Exception as error:  # noqa: BLE001, the code is checked
            assert error.response["Error"]["Code"] == EXCEEDED
            return number
    return most


def test_writes(throttled, name):
    provisioned(throttled, name, 1, 5)
    started = time.monotonic()
    done = count_until_refused(lambda n: throttled.put_item(TableName=name, Item=item(n)))
    assert 5 <= done <= 7 + 5 * (time.monotonic() - started)
    time.sleep(1.2)
    throttled.put_item(TableName=name, Item=item(1))
    count_until_refused(lambda n: throttled.put_item(TableName=name, Item=item(n, LARGE)))
    with refused(EXCEEDED) as refusal:
        throttled.put_item(TableName=name, Item=item(0))
    assert refusal.status == 400


def test_reads(throttled, name):
    provisioned(throttled, name, 2, 20)
    throttled.put_item(TableName=name, Item=item(1, LARGE))
    done = count_until_refused(lambda _: throttled.get_item(
        TableName=name, Key={"id": {"S": "1"}}, ConsistentRead=True))
    assert done == 1
    with refused(EXCEEDED):
        throttled.scan(TableName=name)


def test_batches_tell_what_is_left(throttled, name):
    create_table(throttled, name)
    other = name + "-limited"
    provisioned(throttled, other, 1, 1)
    count_until_refused(lambda n: throttled.put_item(TableName=other, Item=item(n, LARGE)))
    requests = {table: [{"PutRequest": {"Item": item("batch")}}] for table in (name, other)}
    answer = throttled.batch_write_item(RequestItems=requests)
    assert answer["UnprocessedItems"] == {other: requests[other]}
    assert "Item" in throttled.get_item(TableName=name, Key={"id": {"S": "batch"}})
    with refused(EXCEEDED):
        throttled.batch_write_item(RequestItems={other: requests[other]})
    throttled.batch_get_item(RequestItems={other: {"Keys": [{"id": {"S": "0"}}] }})
    count_until_refused(lambda _: throttled.scan(TableName=other))
    keys = {table: {"Keys": [{"id": {"S": "batch"}}]} for table in (name, other)}
    answer = throttled.batch_get_item(RequestItems=keys)
    assert answer["UnprocessedKeys"] == {other: keys[other]}
    assert len(answer["Responses"][name]) == 1


def test_transactions_are_cancelled(throttled, name):
    provisioned(throttled, name, 1, 1)
    count_until_refused(lambda n: throttled.put_item(TableName=name, Item=item(n, LARGE)))
    with refused("TransactionCanceledException") as refusal:
        throttled.transact_write_items(TransactItems=[{"Put": {"TableName": name, "Item": item(1)}}])
    assert refusal.response["CancellationReasons"][0]["Code"] == "ProvisionedThroughputExceeded"


def test_an_index_limits_the_writes_of_its_table(throttled, name):
    throttled.create_table(
        TableName=name, BillingMode="PROVISIONED",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("id", "g")],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ProvisionedThroughput={"ReadCapacityUnits": 50, "WriteCapacityUnits": 50},
        GlobalSecondaryIndexes=[{
            "IndexName": "by-g", "Projection": {"ProjectionType": "ALL"},
            "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}}])
    started = time.monotonic()
    done = count_until_refused(lambda n: throttled.put_item(
        TableName=name, Item={**item(n), "g": {"S": "g"}}))
    assert 2 <= done <= 4 + 2 * (time.monotonic() - started)


def test_on_demand_tables_and_other_servers_are_not_limited(throttled, client, name):
    create_table(throttled, name)
    assert count_until_refused(lambda n: throttled.put_item(TableName=name, Item=item(n))) == 100
    provisioned(client, name, 1, 1)
    assert count_until_refused(lambda n: client.put_item(TableName=name, Item=item(n))) == 100
    client.delete_table(TableName=name)
