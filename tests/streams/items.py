"""The run's table, and its items."""

import json

import tables

NAME = "reshaped"
VIEW_TYPE = "NEW_AND_OLD_IMAGES"
BY_GROUP, BY_VERSION = "by-group", "by-version"
COUNTER = {"pk": {"S": "counter"}, "sk": {"N": "0"}}
GROUPS = ("red", "green", "blue")


def create(connection):
    """The table's description."""
    projection = {"ProjectionType": "ALL"}
    table = tables.create_table(
        connection, NAME, [("pk", "S"), ("sk", "N")], VIEW_TYPE,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in
                              (("pk", "S"), ("sk", "N"), ("group", "S"), ("version", "N"))],
        GlobalSecondaryIndexes=[{"IndexName": BY_GROUP, "Projection": projection, "KeySchema": [
            {"AttributeName": "group", "KeyType": "HASH"},
            {"AttributeName": "version", "KeyType": "RANGE"}]}],
        LocalSecondaryIndexes=[{"IndexName": BY_VERSION, "Projection": projection, "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "version", "KeyType": "RANGE"}]}])
    connection.ok("UpdateTimeToLive", {"TableName": NAME, "TimeToLiveSpecification": {
        "Enabled": True, "AttributeName": "until"}})
    return table


def make_key(partition, number):
    return {"pk": {"S": partition}, "sk": {"N": str(number)}}


def key_of(item):
    return {name: item[name] for name in ("pk", "sk")}


def identity(item_or_key):
    return json.dumps(key_of(item_or_key), sort_keys=True)


def make_item(random, key, version):
    """In no index of groups one time in four."""
    item = {**key, "version": {"N": str(version)}, "text": {"S": f"version {version}"},
            "list": {"L": [{"N": str(version)}, {"S": "x" * random.choice((0, 10, 300))}]},
            "set": {"SS": ["a", "b"]}}
    if random.random() < 0.75:
        item["group"] = {"S": random.choice(GROUPS)}
    return item


def same_by_value(item):
    """The item, differently written."""
    same = {**dict(reversed(item.items())), "version": {"N": item["version"]["N"] + ".0"}}
    if "set" in item:
        same["set"] = {"SS": item["set"]["SS"][::-1]}
    return same
