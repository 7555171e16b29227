"""Tables with indexes, and what their tests have in common."""

import time

import pytest

from conftest import wait_until_active

S, N, B = "S", "N", "B"


def definitions(text):
    """"a:S b:N" as AttributeDefinitions."""
    pairs = [pair.split(":") for pair in text.split()]
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in pairs]


def schema(text):
    """"a b | c" as KeySchema: partition keys, then sort keys."""
    partition_keys, _, sort_keys = text.partition("|")
    return ([{"AttributeName": name, "KeyType": "HASH"} for name in partition_keys.split()] +
            [{"AttributeName": name, "KeyType": "RANGE"} for name in sort_keys.split()])


def index(name, keys, projection="ALL", include=()):
    described = {"ProjectionType": projection}
    if include:
        described["NonKeyAttributes"] = list(include)
    return {"IndexName": name, "KeySchema": schema(keys), "Projection": described}


def create(client, name, attributes, keys, **indexes):
    client.create_table(TableName=name, AttributeDefinitions=definitions(attributes),
                        KeySchema=schema(keys), BillingMode="PAY_PER_REQUEST", **indexes)
    wait_until_active(client, name)


def wait_until_built(client, name, seconds_max=30):
    deadline = time.monotonic() + seconds_max
    while time.monotonic() < deadline:
        table = client.describe_table(TableName=name)["Table"]
        if all(i["IndexStatus"] == "ACTIVE" for i in table.get("GlobalSecondaryIndexes", [])):
            return table
        time.sleep(0.02)
    raise AssertionError(f"{name}: {table['GlobalSecondaryIndexes']}")


def scan_all(client, **request):
    items = []
    while True:
        answer = client.scan(**request)
        items += answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return items
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def sorted_items(items):
    return sorted(items, key=lambda item: sorted(map(repr, item.items())))


def expected_entries(items, *key_attributes):
    return [item for item in items if all(a in item for a in key_attributes)]


@pytest.fixture
def orders(client, name):
    create(client, name, "customer:S id:S status:S total:N", "customer | id",
           LocalSecondaryIndexes=[index("by-total", "customer | total", "INCLUDE", ["note"]),
                                  index("by-status", "customer | status", "KEYS_ONLY")],
           GlobalSecondaryIndexes=[index("all", "status | total"),
                                   index("keys", "status", "KEYS_ONLY"),
                                   index("some", "status", "INCLUDE", ["note"])])
    yield name
    client.delete_table(TableName=name)


def order(customer, number, status=None, total=None, **more):
    item = {"customer": {S: customer}, "id": {S: number},
            **{attribute: {S: value} for attribute, value in more.items()}}
    if status:
        item["status"] = {S: status}
    if total is not None:
        item["total"] = {N: str(total)}
    return item


def put(client, name, *items, **options):
    return [client.put_item(TableName=name, Item=item, **options) for item in items][-1]


def query(client, name, index_name, condition, values, **options):
    names = {"#s": "status", "#t": "total"}
    used = {name: attribute for name, attribute in names.items() if name in condition}
    if used:
        options["ExpressionAttributeNames"] = used
    return client.query(TableName=name, IndexName=index_name, KeyConditionExpression=condition,
                        ExpressionAttributeValues=values, **options)
