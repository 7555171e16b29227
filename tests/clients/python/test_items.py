"""PutItem and GetItem: every attribute type comes back as it went in."""

import pytest

from conftest import create_table, refused
from samples import ALL_TYPES


def put_get(client, table, item):
    client.put_item(TableName=table, Item=item)
    key = {"id": item["id"]}
    return client.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]


def test_every_type_comes_back(client, table):
    assert put_get(client, table, ALL_TYPES) == ALL_TYPES


def test_sets_come_back_as_sets(client, table):
    item = put_get(client, table, {
        "id": {"S": "sets"}, "strings": {"SS": ["b", "a", "ä"]},
        "numbers": {"NS": ["3", "-1", "1e2"]}, "binaries": {"BS": [b"\xff", b"\x00"]}})
    assert set(item["strings"]["SS"]) == {"a", "b", "ä"}
    assert set(item["numbers"]["NS"]) == {"3", "-1", "100"}
    assert set(item["binaries"]["BS"]) == {b"\x00", b"\xff"}


@pytest.mark.parametrize("sent, stored", [
    ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
    ("-0.00000012345678901234567890123456789012345678",
     "-0.00000012345678901234567890123456789012345678"),
    ("00042", "42"), ("1.500", "1.5"), ("1.5E2", "150"), ("-0", "0"), ("0.0", "0"),
    ("1e3", "1000"), (".5", "0.5"),
])
def test_numbers_are_exact_and_normalised(client, table, sent, stored):
    assert put_get(client, table, {"id": {"S": "n"}, "n": {"N": sent}})["n"] == {"N": stored}


@pytest.mark.parametrize("sent", ["9.9999999999999999999999999999999999999E+125", "1E-130",
                                  "-9.9999999999999999999999999999999999999E+125", "-1E-130"])
def test_extreme_numbers(client, table, sent):
    stored = put_get(client, table, {"id": {"S": "n"}, "n": {"N": sent}})["n"]["N"]
    assert float(stored) == float(sent)


@pytest.mark.parametrize("number, message", [
    ("1" * 39, "Attempting to store more than 38 significant digits in a Number"),
    ("1E126", "Number overflow. Attempting to store a number with magnitude larger than supported "
              "range"),
    ("1E-131", "Number underflow. Attempting to store a number with magnitude smaller than "
               "supported range"),
    ("abc", "The parameter cannot be converted to a numeric value: abc"),
    ("", "The parameter cannot be converted to a numeric value"),
])
def test_bad_numbers(client, table, number, message):
    with refused("ValidationException", message):
        client.put_item(TableName=table, Item={"id": {"S": "n"}, "n": {"N": number}})


@pytest.mark.parametrize("value, message", [
    ({"SS": []}, "One or more parameter values were invalid: An string set  may not be empty"),
    ({"NS": []}, "One or more parameter values were invalid: An number set  may not be empty"),
    ({"BS": []}, "One or more parameter values were invalid: Binary sets should not be empty"),
    ({"SS": ["a", "a"]},
     "One or more parameter values were invalid: Input collection [a, a] contains duplicates."),
    ({"NS": ["1", "1.0"]}, None),
    ({"NULL": False},
     "One or more parameter values were invalid: Null attribute value types must have the value of "
     "true"),
    ({"M": {"deep": {"SS": []}}}, None),
])
def test_bad_values(client, table, value, message):
    with refused("ValidationException", message):
        client.put_item(TableName=table, Item={"id": {"S": "v"}, "v": value})


def test_nesting_limit(client, table):
    def nested(depth):
        value = {"S": "core"}
        for _ in range(depth):
            value = {"L": [value]}
        return {"id": {"S": "deep"}, "v": value}

    assert put_get(client, table, nested(31)) == nested(31)
    with refused("ValidationException"):
        client.put_item(TableName=table, Item=nested(33))


def test_size_limit_counts_names_and_values(client, table):
    room = 400 * 1024 - len("id") - len("x") - len("data")
    item = {"id": {"S": "x"}, "data": {"S": "a" * room}}
    assert put_get(client, table, item) == item
    item["data"]["S"] += "a"
    with refused("ValidationException", "Item size has exceeded the maximum allowed size"):
        client.put_item(TableName=table, Item=item)


def test_keys_of_each_type(client, name):
    create_table(client, name, "p:B s:N")
    for sort in ("-1", "0", "2.50"):
        client.put_item(TableName=name, Item={"p": {"B": b"\x00\xff"}, "s": {"N": sort},
                                              "v": {"S": sort}})
    found = client.get_item(TableName=name, Key={"p": {"B": b"\x00\xff"}, "s": {"N": "2.5"}})
    assert found["Item"]["v"] == {"S": "2.50"}
    assert "Item" not in client.get_item(TableName=name,
                                         Key={"p": {"B": b"\x00\xff"}, "s": {"N": "1"}})


@pytest.mark.parametrize("item, message", [
    ({"v": {"S": "a"}}, "One or more parameter values were invalid: Missing the key id in the item"),
    ({"id": {"N": "1"}},
     "One or more parameter values were invalid: Type mismatch for key id expected: S actual: N"),
    ({"id": {"S": ""}},
     "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
     "contain an empty string value. Key: id"),
    ({"id": {"S": "k" * 2049}},
     "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size "
     "limit of2048 bytes"),
])
def test_bad_keys_of_an_item(client, table, item, message):
    with refused("ValidationException", message):
        client.put_item(TableName=table, Item=item)


@pytest.mark.parametrize("key", [{}, {"other": {"S": "a"}}, {"id": {"N": "1"}},
                                 {"id": {"S": "a"}, "more": {"S": "b"}}])
def test_bad_keys_of_a_read(client, table, key):
    with refused("ValidationException", "The provided key element does not match the schema"):
        client.get_item(TableName=table, Key=key)


def test_put_replaces_the_whole_item(client, table):
    put_get(client, table, {"id": {"S": "r"}, "a": {"S": "1"}, "b": {"S": "2"}})
    assert put_get(client, table, {"id": {"S": "r"}, "c": {"S": "3"}}) == {
        "id": {"S": "r"}, "c": {"S": "3"}}


def test_delete_item(client, table):
    put_get(client, table, ALL_TYPES)
    client.delete_item(TableName=table, Key={"id": ALL_TYPES["id"]})
    assert "Item" not in client.get_item(TableName=table, Key={"id": ALL_TYPES["id"]})
    client.delete_item(TableName=table, Key={"id": ALL_TYPES["id"]})


def test_missing_table(client):
    for call in (lambda: client.put_item(TableName="nowhere", Item={"id": {"S": "a"}}),
                 lambda: client.get_item(TableName="nowhere", Key={"id": {"S": "a"}}),
                 lambda: client.delete_item(TableName="nowhere", Key={"id": {"S": "a"}}),
                 lambda: client.update_item(TableName="nowhere", Key={"id": {"S": "a"}})):
        with refused("ResourceNotFoundException", "Requested resource not found"):
            call()


def test_consumed_capacity(client, table):
    item = {"id": {"S": "c"}, "data": {"S": "a" * 5000}}
    put = client.put_item(TableName=table, Item=item, ReturnConsumedCapacity="TOTAL")
    assert put["ConsumedCapacity"] == {"TableName": table, "CapacityUnits": 5.0}
    for consistent, units in ((True, 2.0), (False, 1.0)):
        got = client.get_item(TableName=table, Key={"id": {"S": "c"}}, ConsistentRead=consistent,
                              ReturnConsumedCapacity="TOTAL")
        assert got["ConsumedCapacity"] == {"TableName": table, "CapacityUnits": units}
    missing = client.get_item(TableName=table, Key={"id": {"S": "none"}},
                              ReturnConsumedCapacity="TOTAL")
    assert missing["ConsumedCapacity"]["CapacityUnits"] == 0.5
