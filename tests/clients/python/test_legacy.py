"""The legacy parameters: Expected, AttributeUpdates, AttributesToGet, KeyConditions, QueryFilter,
ScanFilter and ConditionalOperator."""

import pytest

from conftest import create_table, refused

INVALID = "One or more parameter values were invalid: "
FAILED = "The conditional request failed"
MIXED = ("Can not use both expression and non-expression parameters in the same request: "
         "Non-expression parameters: {%s} Expression parameters: {%s}")
KEY = {"pk": {"S": "a"}, "sk": {"N": "1"}}


def equal(value):
    return {"ComparisonOperator": "EQ", "AttributeValueList": [value]}


@pytest.fixture(scope="module")
def table(client):
    name = "legacy"
    create_table(client, name, "pk:S sk:N")
    yield name
    client.delete_table(TableName=name)


@pytest.fixture(autouse=True)
def items(client, table):
    for n in range(5):
        client.put_item(TableName=table, Item={
            "pk": {"S": "a"}, "sk": {"N": str(n)}, "n": {"N": str(n * 10)},
            "a.b": {"S": "dots"}, "a": {"M": {"b": {"S": "nested"}}}})


def put(client, table, **parameters):
    return client.put_item(TableName=table, Item={**KEY, "n": {"N": "10"}}, **parameters)


@pytest.mark.parametrize("expected, operator, met", [
    ({"n": {"Value": {"N": "10"}}}, None, True),
    ({"n": {"Exists": True, "Value": {"N": "11"}}}, None, False),
    ({"n": {"Exists": False}}, None, False),
    ({"none": {"Exists": False}}, None, True),
    ({"n": {"ComparisonOperator": "GT", "Value": {"N": "9"}}}, None, True),
    ({"n": {"ComparisonOperator": "NULL"}}, None, False),
    ({"none": {"ComparisonOperator": "NOT_CONTAINS", "Value": {"S": "x"}}}, None, False),
    ({"none": {"ComparisonOperator": "NE", "Value": {"S": "x"}}}, None, True),
    ({"n": equal({"N": "11"}), "pk": equal({"S": "a"})}, "OR", True),
    ({"n": equal({"N": "11"}), "pk": equal({"S": "a"})}, "AND", False),
    ({"n": equal({"N": "11"}), "pk": equal({"S": "a"})}, None, False),
    ({}, None, True),
])
def test_expected(client, table, expected, operator, met):
    parameters = {"Expected": expected}
    if operator:
        parameters["ConditionalOperator"] = operator
    for write in (lambda: put(client, table, **parameters),
                  lambda: client.update_item(TableName=table, Key=KEY, **parameters),
                  lambda: client.delete_item(TableName=table, Key=KEY, **parameters)):
        if met:
            write()
        else:
            with refused("ConditionalCheckFailedException", FAILED):
                write()


@pytest.mark.parametrize("condition, message", [
    ({}, "Value must be provided when Exists is null for Attribute: x"),
    ({"Exists": True}, "Value must be provided when Exists is true for Attribute: x"),
    ({"Exists": False, "Value": {"S": "a"}},
     "Value cannot be used when Exists is false for Attribute: x"),
    ({"AttributeValueList": []},
     "AttributeValueList can only be used with a ComparisonOperator for Attribute: x"),
    ({"ComparisonOperator": "LT"},
     "Value or AttributeValueList must be used with ComparisonOperator: LT for Attribute: x"),
    ({"ComparisonOperator": "LT", "Exists": True},
     "Exists and ComparisonOperator cannot be used together for Attribute: x"),
    ({"ComparisonOperator": "LT", "Value": {"S": "a"}, "AttributeValueList": [{"S": "a"}]},
     "Value and AttributeValueList cannot be used together for Attribute: x"),
    ({"ComparisonOperator": "BETWEEN", "Value": {"S": "a"}},
     "Invalid number of argument(s) for the BETWEEN ComparisonOperator"),
])
def test_expected_is_checked_before_the_table(client, condition, message):
    with refused("ValidationException", INVALID + message):
        put(client, "no-such-table", Expected={"x": condition})


def test_attribute_updates(client, table):
    client.update_item(TableName=table, Key=KEY, AttributeUpdates={
        "set": {"Value": {"SS": ["x", "y"]}}, "list": {"Value": {"L": [{"S": "x"}]}}})
    answer = client.update_item(TableName=table, Key=KEY, ReturnValues="UPDATED_NEW",
                                AttributeUpdates={
                                    "n": {"Action": "ADD", "Value": {"N": "5"}},
                                    "set": {"Action": "DELETE", "Value": {"SS": ["x"]}},
                                    "list": {"Action": "ADD", "Value": {"L": [{"S": "y"}]}},
                                    "a.b": {"Action": "DELETE"}})
    assert answer["Attributes"] == {"n": {"N": "15"}, "set": {"SS": ["y"]},
                                    "list": {"L": [{"S": "x"}, {"S": "y"}]}}
    item = client.get_item(TableName=table, Key=KEY)["Item"]
    assert item["a"] == {"M": {"b": {"S": "nested"}}} and "a.b" not in item


def test_deleting_attributes_creates_no_item(client, table):
    key = {"pk": {"S": "new"}, "sk": {"N": "1"}}
    client.update_item(TableName=table, Key=key, AttributeUpdates={"x": {"Action": "DELETE"}})
    assert "Item" not in client.get_item(TableName=table, Key=key)
    client.update_item(TableName=table, Key=key, AttributeUpdates={})
    assert client.get_item(TableName=table, Key=key)["Item"] == key


@pytest.mark.parametrize("update, message", [
    ({"x": {"Action": "PUT"}},
     INVALID + "Only DELETE action is allowed when no attribute value is specified"),
    ({"x": {"Action": "ADD", "Value": {"S": "a"}}},
     INVALID + "ADD action is not supported for the type S"),
    ({"x": {"Action": "DELETE", "Value": {"N": "1"}}},
     INVALID + "DELETE action with value is not supported for the type N"),
    ({"a": {"Action": "ADD", "Value": {"N": "1"}}}, "Type mismatch for attribute to update"),
    ({"pk": {"Value": {"S": "b"}}},
     INVALID + "Cannot update attribute pk. This attribute is part of the key"),
])
def test_bad_attribute_updates(client, table, update, message):
    with refused("ValidationException", message):
        client.update_item(TableName=table, Key=KEY, AttributeUpdates=update)


def test_attributes_to_get(client, table):
    shown = {"a.b": {"S": "dots"}}
    wanted = {"TableName": table, "AttributesToGet": ["a.b", "none"]}
    assert client.get_item(Key=KEY, **wanted)["Item"] == shown
    assert client.scan(Limit=1, **wanted)["Items"] == [shown]
    conditions = {"pk": equal({"S": "a"})}
    assert client.query(Limit=1, KeyConditions=conditions, **wanted)["Items"] == [shown]
    with refused("ValidationException", INVALID + "Duplicate value in attribute name: n"):
        client.get_item(TableName=table, Key=KEY, AttributesToGet=["n", "a", "n"])
    with refused("ValidationException",
                 INVALID + "Cannot specify the AttributesToGet when choosing to get COUNT"):
        client.scan(Select="COUNT", **wanted)


def sort_keys(answer):
    return [item["sk"]["N"] for item in answer["Items"]]


@pytest.mark.parametrize("operator, values, expected", [
    ("EQ", ["2"], ["2"]), ("LT", ["2"], ["0", "1"]), ("LE", ["1"], ["0", "1"]),
    ("GT", ["3"], ["4"]), ("GE", ["3"], ["3", "4"]), ("BETWEEN", ["1", "2"], ["1", "2"]),
])
def test_key_conditions(client, table, operator, values, expected):
    conditions = {"pk": equal({"S": "a"}),
                  "sk": {"ComparisonOperator": operator,
                         "AttributeValueList": [{"N": value} for value in values]}}
    assert sort_keys(client.query(TableName=table, KeyConditions=conditions)) == expected


@pytest.mark.parametrize("conditions, message", [
    ({}, "Conditions can be of length 1 or 2 only"),
    ({"sk": equal({"N": "1"})}, "Query condition missed key schema element: pk"),
    ({"pk": {"ComparisonOperator": "NOT_NULL"}},
     "Attempted conditional constraint is not an indexable operation"),
    ({"pk": equal({"N": "1"})}, INVALID + "Condition parameter type does not match schema type"),
    ({"pk": {"ComparisonOperator": "GT", "AttributeValueList": [{"S": "a"}]}},
     "Query key condition not supported"),
    ({"pk": {"ComparisonOperator": "IN", "AttributeValueList": [{"S": "a"}, {"N": "1"}]}},
     INVALID + "AttributeValues inside AttributeValueList must be of same type"),
])
def test_bad_key_conditions(client, table, conditions, message):
    with refused("ValidationException", message):
        client.query(TableName=table, KeyConditions=conditions)


def test_filters(client, table):
    conditions = {"pk": equal({"S": "a"})}
    two = {"n": {"ComparisonOperator": "GE", "AttributeValueList": [{"N": "30"}]},
           "none": {"ComparisonOperator": "NOT_NULL"}}
    assert sort_keys(client.query(TableName=table, KeyConditions=conditions,
                                  QueryFilter={"n": two["n"]})) == ["3", "4"]
    assert sort_keys(client.query(TableName=table, KeyConditions=conditions, QueryFilter=two,
                                  ConditionalOperator="OR")) == ["3", "4"]
    assert sort_keys(client.scan(TableName=table, ScanFilter=two)) == []
    answer = client.scan(TableName=table, ScanFilter={**two, "pk": equal({"S": "a"})},
                         ConditionalOperator="OR", Limit=2)
    assert answer["ScannedCount"] == 2 and "LastEvaluatedKey" in answer
    with refused("ValidationException", "QueryFilter can only contain non-primary key attributes: "
                                        "Primary key attribute: sk"):
        client.query(TableName=table, KeyConditions=conditions,
                     QueryFilter={"sk": equal({"N": "1"})})


def test_key_conditions_may_stand_beside_other_expressions(client, table):
    answer = client.query(TableName=table, KeyConditions={"pk": equal({"S": "a"})},
                          FilterExpression="n > :n", ProjectionExpression="sk",
                          ExpressionAttributeValues={":n": {"N": "25"}})
    assert answer["Items"] == [{"sk": {"N": "3"}}, {"sk": {"N": "4"}}]


@pytest.mark.parametrize("operation, parameters, legacy, expressions", [
    ("get_item", {"Key": KEY, "AttributesToGet": ["n"], "ProjectionExpression": "n"},
     "AttributesToGet", "ProjectionExpression"),
    ("delete_item", {"Key": KEY, "Expected": {}, "ConditionalOperator": "AND",
                     "ConditionExpression": "attribute_exists(pk)"},
     "Expected, ConditionalOperator", "ConditionExpression"),
    ("update_item", {"Key": KEY, "AttributeUpdates": {}, "Expected": {},
                     "UpdateExpression": "REMOVE n"},
     "AttributeUpdates, Expected", "UpdateExpression"),
    ("scan", {"ScanFilter": {}, "AttributesToGet": ["n"], "ProjectionExpression": "n"},
     "AttributesToGet, ScanFilter", "ProjectionExpression"),
    ("query", {"KeyConditions": {}, "QueryFilter": {}, "FilterExpression": "n = n"},
     "QueryFilter", "FilterExpression"),
    ("query", {"KeyConditions": {}, "KeyConditionExpression": "pk = :a"},
     "KeyConditions", "KeyConditionExpression"),
])
def test_not_beside_expressions(client, table, operation, parameters, legacy, expressions):
    with refused("ValidationException", MIXED % (legacy, expressions)):
        getattr(client, operation)(TableName=table, **parameters)


def test_conditional_operator_needs_two_conditions(client, table):
    without = "ConditionalOperator cannot be used without Filter or Expected"
    one = "ConditionalOperator can only be used when Filter or Expected has two or more elements"
    with refused("ValidationException", without):
        client.query(TableName=table, ConditionalOperator="AND")
    with refused("ValidationException", without):
        put(client, table, ConditionalOperator="OR", Expected={})
    with refused("ValidationException", one):
        client.scan(TableName=table, ConditionalOperator="OR", ScanFilter={"n": equal({"N": "1"})})
