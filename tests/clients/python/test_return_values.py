"""ReturnValues of every kind on PutItem, UpdateItem and DeleteItem."""

import pytest

from conftest import make_client, refused

KEY = {"id": {"S": "a"}}
OLD = {**KEY, "n": {"N": "1"}, "same": {"S": "s"}, "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}}


@pytest.fixture
def stored(client, table):
    client.put_item(TableName=table, Item=OLD)
    return table


def test_put(client, stored):
    new = {**KEY, "n": {"N": "2"}}
    answer = client.put_item(TableName=stored, Item=new, ReturnValues="ALL_OLD")
    assert answer["Attributes"] == OLD
    assert "Attributes" not in client.put_item(TableName=stored, Item=OLD, ReturnValues="NONE")
    assert "Attributes" not in client.put_item(TableName=stored, Item=OLD)


def test_put_of_a_new_item_has_no_old_one(client, table):
    assert "Attributes" not in client.put_item(TableName=table, Item=OLD, ReturnValues="ALL_OLD")


def test_delete(client, stored):
    answer = client.delete_item(TableName=stored, Key=KEY, ReturnValues="ALL_OLD")
    assert answer["Attributes"] == OLD
    again = client.delete_item(TableName=stored, Key=KEY, ReturnValues="ALL_OLD")
    assert "Attributes" not in again


NEW_MAP = {"M": {"x": {"N": "9"}, "y": {"N": "2"}}}


@pytest.mark.parametrize("kind, expected", [
    ("NONE", None),
    ("ALL_OLD", OLD),
    ("ALL_NEW", {**OLD, "n": {"N": "5"}, "m": NEW_MAP, "fresh": {"S": "f"}}),
    ("UPDATED_OLD", {"n": {"N": "1"}, "m": {"M": {"x": {"N": "1"}}}}),
    ("UPDATED_NEW", {"n": {"N": "5"}, "m": {"M": {"x": {"N": "9"}}}, "fresh": {"S": "f"}}),
])
def test_update(client, stored, kind, expected):
    answer = client.update_item(
        TableName=stored, Key=KEY, UpdateExpression="SET n = :n, m.x = :x, fresh = :f",
        ExpressionAttributeValues={":n": {"N": "5"}, ":x": {"N": "9"}, ":f": {"S": "f"}},
        ReturnValues=kind)
    assert answer.get("Attributes") == expected


def test_update_removing(client, stored):
    request = {"TableName": stored, "Key": KEY, "UpdateExpression": "REMOVE n"}
    answer = client.update_item(ReturnValues="UPDATED_OLD", **request)
    assert answer["Attributes"] == {"n": {"N": "1"}}
    assert not client.update_item(ReturnValues="UPDATED_NEW", **request).get("Attributes")


def test_update_of_a_new_item(client, table):
    request = {"TableName": table, "UpdateExpression": "SET v = :v",
               "ExpressionAttributeValues": {":v": {"S": "v"}}}
    old = client.update_item(Key={"id": {"S": "1"}}, ReturnValues="ALL_OLD", **request)
    assert "Attributes" not in old
    new = client.update_item(Key={"id": {"S": "2"}}, ReturnValues="ALL_NEW", **request)
    assert new["Attributes"] == {"id": {"S": "2"}, "v": {"S": "v"}}


@pytest.mark.parametrize("kind", ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
def test_put_and_delete_return_only_the_old_item(client, table, kind):
    with refused("ValidationException"):
        client.put_item(TableName=table, Item=OLD, ReturnValues=kind)
    with refused("ValidationException"):
        client.delete_item(TableName=table, Key=KEY, ReturnValues=kind)


def test_unknown_kind(server, table):
    unchecked = make_client(server, parameter_validation=False)
    with refused("ValidationException",
                 "1 validation error detected: Value 'SOME' at 'returnValues' failed to satisfy "
                 "constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, "
                 "NONE, UPDATED_NEW]"):
        unchecked.put_item(TableName=table, Item=OLD, ReturnValues="SOME")
