"""ProjectionExpression of GetItem."""

import pytest

from conftest import refused

KEY = {"id": {"S": "a"}}
ITEM = {**KEY, "a": {"S": "1"}, "b.c": {"S": "dotted"}, "name": {"S": "reserved"},
        "m": {"M": {"x": {"N": "1"}, "y": {"M": {"z": {"N": "2"}}}}},
        "l": {"L": [{"S": "zero"}, {"M": {"k": {"S": "v"}, "o": {"S": "w"}}}, {"S": "two"}]}}


@pytest.mark.parametrize("expression, names, expected", [
    ("a", {}, {"a": {"S": "1"}}),
    ("id, a", {}, {**KEY, "a": {"S": "1"}}),
    ("#n", {"#n": "name"}, {"name": {"S": "reserved"}}),
    ("#d", {"#d": "b.c"}, {"b.c": {"S": "dotted"}}),
    ("m.x", {}, {"m": {"M": {"x": {"N": "1"}}}}),
    ("m.y.z, m.x", {}, {"m": ITEM["m"]}),
    ("l[2], l[0]", {}, {"l": {"L": [{"S": "zero"}, {"S": "two"}]}}),
    ("l[1].k", {}, {"l": {"L": [{"M": {"k": {"S": "v"}}}]}}),
    ("absent, m.w, l[9]", {}, {}),
])
def test_projection(client, table, expression, names, expected):
    client.put_item(TableName=table, Item=ITEM)
    options = {"ExpressionAttributeNames": names} if names else {}
    answer = client.get_item(TableName=table, Key=KEY, ProjectionExpression=expression, **options)
    assert answer["Item"] == expected


@pytest.mark.parametrize("expression, message", [
    ("!!", 'Invalid ProjectionExpression: Syntax error; token: "!", near: "!!"'),
    ("name", "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: "
             "name"),
    ("a, a", "Invalid ProjectionExpression: Two document paths overlap with each other; must remove "
             "or rewrite one of these paths; path one: [a], path two: [a]"),
    ("", "Invalid ProjectionExpression: The expression can not be empty;"),
    ("#none", "Invalid ProjectionExpression: An expression attribute name used in the document path "
              "is not defined; attribute name: #none"),
])
def test_bad_projection(client, table, expression, message):
    with refused("ValidationException", message):
        client.get_item(TableName=table, Key=KEY, ProjectionExpression=expression)


def test_names_without_expression(client, table):
    with refused("ValidationException", "ExpressionAttributeNames can only be specified when using "
                                        "expressions"):
        client.get_item(TableName=table, Key=KEY, ExpressionAttributeNames={"#n": "n"})
