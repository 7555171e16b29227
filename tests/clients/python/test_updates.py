"""UpdateItem: SET, REMOVE, ADD, DELETE, functions, arithmetic and nested paths."""

import pytest

from conftest import refused

KEY = {"id": {"S": "a"}}
START = {**KEY, "n": {"N": "10"}, "s": {"S": "text"}, "list": {"L": [{"S": "0"}, {"S": "1"}]},
         "m": {"M": {"x": {"N": "1"}, "l": {"L": [{"N": "7"}]}}}, "set": {"SS": ["a", "b"]},
         "numbers": {"NS": ["1", "2"]}}
# What START becomes by each expression: the changed attributes; None is a removed one.
CASES = [
    ("SET s = :s", {":s": {"S": "new"}}, {"s": {"S": "new"}}),
    ("SET n = n + :d", {":d": {"N": "2.5"}}, {"n": {"N": "12.5"}}),
    ("SET n = n - :d", {":d": {"N": "30"}}, {"n": {"N": "-20"}}),
    ("SET n = :d - n", {":d": {"N": "30"}}, {"n": {"N": "20"}}),
    ("SET n = if_not_exists(n, :d)", {":d": {"N": "1"}}, {}),
    ("SET fresh = if_not_exists(fresh, :d) + :d", {":d": {"N": "1"}}, {"fresh": {"N": "2"}}),
    ("SET #list = list_append(#list, :l)", {":l": {"L": [{"S": "2"}]}},
     {"list": {"L": [{"S": "0"}, {"S": "1"}, {"S": "2"}]}}),
    ("SET #list = list_append(:l, #list)", {":l": {"L": [{"S": "-1"}]}},
     {"list": {"L": [{"S": "-1"}, {"S": "0"}, {"S": "1"}]}}),
    ("SET #list[1] = :s", {":s": {"S": "new"}}, {"list": {"L": [{"S": "0"}, {"S": "new"}]}}),
    ("SET #list[9] = :s", {":s": {"S": "end"}},
     {"list": {"L": [{"S": "0"}, {"S": "1"}, {"S": "end"}]}}),
    ("SET m.x = m.x + :d, m.y = :d", {":d": {"N": "1"}},
     {"m": {"M": {"x": {"N": "2"}, "y": {"N": "1"}, "l": {"L": [{"N": "7"}]}}}}),
    ("SET m.l[0] = n", {}, {"m": {"M": {"x": {"N": "1"}, "l": {"L": [{"N": "10"}]}}}}),
    ("SET s = n, n = s", {}, {"s": {"N": "10"}, "n": {"S": "text"}}),
    ("REMOVE s", {}, {"s": None}),
    ("REMOVE absent", {}, {}),
    ("REMOVE #list[0]", {}, {"list": {"L": [{"S": "1"}]}}),
    ("REMOVE m.x, m.l[0]", {}, {"m": {"M": {"l": {"L": []}}}}),
    ("ADD n :d", {":d": {"N": "-3"}}, {"n": {"N": "7"}}),
    ("ADD fresh :d", {":d": {"N": "4"}}, {"fresh": {"N": "4"}}),
    ("ADD #set :more", {":more": {"SS": ["b", "c"]}}, {"set": {"SS": ["a", "b", "c"]}}),
    ("ADD numbers :more", {":more": {"NS": ["3", "1.0"]}}, {"numbers": {"NS": ["1", "2", "3"]}}),
    ("DELETE #set :less", {":less": {"SS": ["a", "z"]}}, {"set": {"SS": ["b"]}}),
    ("DELETE #set :less", {":less": {"SS": ["a", "b"]}}, {"set": None}),
    ("SET s = :s REMOVE m ADD n :d DELETE #set :less",
     {":s": {"S": "x"}, ":d": {"N": "1"}, ":less": {"SS": ["a"]}},
     {"s": {"S": "x"}, "m": None, "n": {"N": "11"}, "set": {"SS": ["b"]}}),
]


def names_of(expression):
    return {f"#{name}": name for name in ("list", "set", "name") if f"#{name}" in expression}


def update(client, table, expression, values, **options):
    if names := names_of(expression):
        options["ExpressionAttributeNames"] = names
    if values:
        options["ExpressionAttributeValues"] = values
    return client.update_item(TableName=table, Key=KEY, UpdateExpression=expression, **options)


def in_order(item):
    """Sets have no order, so compare them sorted."""
    return {name: {kind: sorted(value) if kind in ("SS", "NS") else value}
            for name, attribute in item.items() for kind, value in attribute.items()}


@pytest.mark.parametrize("expression, values, changes", CASES)
def test_update(client, table, expression, values, changes):
    client.put_item(TableName=table, Item=START)
    update(client, table, expression, values)
    expected = {name: value for name, value in {**START, **changes}.items() if value is not None}
    item = client.get_item(TableName=table, Key=KEY)["Item"]
    assert in_order(item) == in_order(expected)


def test_update_creates_the_item(client, table):
    update(client, table, "SET s = :s", {":s": {"S": "x"}})
    assert client.get_item(TableName=table, Key=KEY)["Item"] == {**KEY, "s": {"S": "x"}}


def test_update_without_expression_creates_the_bare_item(client, table):
    client.update_item(TableName=table, Key=KEY)
    assert client.get_item(TableName=table, Key=KEY)["Item"] == KEY


def test_arithmetic_is_exact(client, table):
    client.put_item(TableName=table, Item={**KEY, "n": {"N": "0.1"}})
    update(client, table, "SET n = n + :d", {":d": {"N": "0.2"}})
    update(client, table, "ADD n :d", {":d": {"N": "10000000000000000000000000000000"}})
    item = client.get_item(TableName=table, Key=KEY)["Item"]
    assert item["n"] == {"N": "10000000000000000000000000000000.3"}


@pytest.mark.parametrize("expression, values, message", [
    ("SET id = :v", {":v": {"S": "b"}}, "One or more parameter values were invalid: Cannot update "
                                        "attribute id. This attribute is part of the key"),
    ("SET s = absent", {}, "The provided expression refers to an attribute that does not exist in "
                           "the item"),
    ("SET n = n + :v", {":v": {"S": "x"}}, None),
    ("SET s = s + :v", {":v": {"N": "1"}}, "An operand in the update expression has an incorrect "
                                           "data type"),
    ("SET absent.x = :v", {":v": {"N": "1"}}, "The document path provided in the update expression "
                                              "is invalid for update"),
    ("REMOVE s.x", {}, "The document path provided in the update expression is invalid for update"),
    ("ADD s :v", {":v": {"N": "1"}}, "An operand in the update expression has an incorrect data "
                                     "type"),
    ("SET m = :v, m.x = :v", {":v": {"N": "1"}},
     "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite "
     "one of these paths; path one: [m], path two: [m, x]"),
    ("SET s = :v SET n = :v", {":v": {"N": "1"}},
     'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;'),
    ("", {}, "Invalid UpdateExpression: The expression can not be empty;"),
    ("INVALID SYNTAX", {}, 'Invalid UpdateExpression: Syntax error; token: "INVALID", near: '
                           '"INVALID SYNTAX"'),
    ("SET name = :v", {":v": {"S": "x"}}, "Invalid UpdateExpression: Attribute name is a reserved "
                                          "keyword; reserved keyword: name"),
    ("SET s = :v", {}, "Invalid UpdateExpression: An expression attribute value used in expression "
                       "is not defined; attribute value: :v"),
])
def test_bad_updates_change_nothing(client, table, expression, values, message):
    client.put_item(TableName=table, Item=START)
    with refused("ValidationException", message):
        update(client, table, expression, values)
    assert in_order(client.get_item(TableName=table, Key=KEY)["Item"]) == in_order(START)


def test_item_may_not_grow_too_large(client, table):
    client.put_item(TableName=table, Item={**KEY, "one": {"S": "x" * 300_000}})
    with refused("ValidationException",
                 "Item size to update has exceeded the maximum allowed size"):
        update(client, table, "SET two = one", {})


def test_counter_under_concurrency(server, client, table):
    from concurrent.futures import ThreadPoolExecutor

    def add(_):
        update(client, table, "ADD n :one", {":one": {"N": "1"}})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(200)))
    assert client.get_item(TableName=table, Key=KEY)["Item"]["n"] == {"N": "200"}
