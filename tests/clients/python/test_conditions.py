"""ConditionExpression on PutItem, UpdateItem and DeleteItem."""

import pytest

from conftest import refused
from wire import call

FAILED = "The conditional request failed"
ITEM = {"id": {"S": "a"}, "count": {"N": "5"}, "word": {"S": "hello"},
        "tags": {"SS": ["x", "y"]}, "list": {"L": [{"S": "one"}, {"N": "2"}]},
        "map": {"M": {"in": {"M": {"deep": {"BOOL": True}}}}}, "blob": {"B": b"abc"}}
VALUES = {":five": {"N": "5.0"}, ":six": {"N": "6"}, ":four": {"N": "4"}, ":he": {"S": "he"},
          ":hello": {"S": "hello"}, ":x": {"S": "x"}, ":z": {"S": "z"}, ":two": {"N": "2"},
          ":true": {"BOOL": True}, ":S": {"S": "S"}, ":N": {"S": "N"}, ":ab": {"B": b"ab"},
          ":SS": {"S": "SS"}}
NAMES = {"#count": "count", "#word": "word", "#list": "list", "#map": "map", "#in": "in",
         "#none": "none", "#blob": "blob"}

TRUE = [
    "attribute_exists(id)", "attribute_not_exists(#none)", "#count = :five", "#count <> :six",
    "#count < :six", "#count <= :five", "#count > :four", "#count >= :five",
    "#count BETWEEN :four AND :six", "#count IN (:four, :five)", "begins_with(#word, :he)",
    "begins_with(#blob, :ab)", "contains(tags, :x)", "contains(#word, :he)",
    "contains(#list, :two)", "size(#word) = :five", "size(tags) = :two", "size(#blob) < :four",
    "attribute_type(#count, :N)", "attribute_type(tags, :SS)", "#map.#in.deep = :true",
    "#list[1] = :two", "NOT #count = :six", "#count = :six OR #word = :hello",
    "#count = :five AND (NOT #word = :he)", "(#count = :five) AND attribute_exists(#map.#in)",
    "#count = :six AND #word = :he OR #count = :five",
]
FALSE = [
    "attribute_not_exists(id)", "#count = :six", "#none = :five", "#none <= :five",
    "#word > :five", "#count = :hello", "contains(tags, :z)", "#list[7] = :two",
    "#map.#none.deep = :true", "attribute_type(#count, :S)", "begins_with(#word, :z)",
    "#none IN (:four, :five)", "size(#none) = :five", "NOT attribute_exists(id)",
]


def used(known, expression):
    words = {key for key in known
             if key in expression.replace("(", " ").replace(")", " ").replace(",", " ")
             .replace(".", " ").replace("[", " ").split()}
    return {key: known[key] for key in words}


def delete(client, table, expression):
    options = {"ExpressionAttributeNames": used(NAMES, expression),
               "ExpressionAttributeValues": used(VALUES, expression)}
    client.delete_item(TableName=table, Key={"id": {"S": "a"}}, ConditionExpression=expression,
                       **{name: value for name, value in options.items() if value})


def exists(client, table):
    return "Item" in client.get_item(TableName=table, Key={"id": {"S": "a"}})


@pytest.mark.parametrize("expression", TRUE)
def test_true_condition_writes(client, table, expression):
    client.put_item(TableName=table, Item=ITEM)
    delete(client, table, expression)
    assert not exists(client, table)


@pytest.mark.parametrize("expression", FALSE)
def test_false_condition_changes_nothing(client, table, expression):
    client.put_item(TableName=table, Item=ITEM)
    with refused("ConditionalCheckFailedException", FAILED):
        delete(client, table, expression)
    assert exists(client, table)


def test_put_only_once(client, table):
    item = {"id": {"S": "a"}, "v": {"N": "1"}}
    once = {"TableName": table, "ConditionExpression": "attribute_not_exists(id)"}
    client.put_item(Item=item, **once)
    with refused("ConditionalCheckFailedException", FAILED):
        client.put_item(Item={**item, "v": {"N": "2"}}, **once)
    assert client.get_item(TableName=table, Key={"id": {"S": "a"}})["Item"] == item


def test_optimistic_lock(client, table):
    client.put_item(TableName=table, Item={"id": {"S": "a"}, "version": {"N": "1"}})
    update = {"TableName": table, "Key": {"id": {"S": "a"}},
              "UpdateExpression": "SET version = version + :one",
              "ConditionExpression": "version = :seen"}
    client.update_item(ExpressionAttributeValues={":one": {"N": "1"}, ":seen": {"N": "1"}}, **update)
    with refused("ConditionalCheckFailedException", FAILED):
        client.update_item(ExpressionAttributeValues={":one": {"N": "1"}, ":seen": {"N": "1"}},
                           **update)
    item = client.get_item(TableName=table, Key={"id": {"S": "a"}})["Item"]
    assert item["version"] == {"N": "2"}


# Debian's boto3 is older than ReturnValuesOnConditionCheckFailure, so these go below it.
@pytest.mark.parametrize("operation, body", [
    ("PutItem", {"Item": {"id": {"S": "a"}, "v": {"N": "2"}}}),
    ("DeleteItem", {"Key": {"id": {"S": "a"}}}),
    ("UpdateItem", {"Key": {"id": {"S": "a"}}, "UpdateExpression": "REMOVE v"}),
])
def test_failed_condition_returns_the_item_when_asked(server, client, table, operation, body):
    item = {"id": {"S": "a"}, "v": {"N": "1"}}
    client.put_item(TableName=table, Item=item)
    request = {"TableName": table, "ConditionExpression": "attribute_not_exists(id)", **body}
    plain = call(server, operation, request)
    assert plain.error == ("ConditionalCheckFailedException", FAILED)
    assert "Item" not in plain.json
    asked = call(server, operation, {**request, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"})
    assert asked.status == 400
    assert asked.json["Item"] == item


def test_failed_condition_on_a_missing_item_returns_none(server, table):
    answer = call(server, "DeleteItem", {
        "TableName": table, "Key": {"id": {"S": "none"}},
        "ConditionExpression": "attribute_exists(id)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD"})
    assert answer.error == ("ConditionalCheckFailedException", FAILED)
    assert "Item" not in answer.json


@pytest.mark.parametrize("expression, message", [
    ("", "Invalid ConditionExpression: The expression can not be empty;"),
    ("id = :missing", "Invalid ConditionExpression: An expression attribute value used in "
                      "expression is not defined; attribute value: :missing"),
    ("#missing = id", "Invalid ConditionExpression: An expression attribute name used in the "
                      "document path is not defined; attribute name: #missing"),
    ("count = id", "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved "
                   "keyword: count"),
    ("id = = id", 'Invalid ConditionExpression: Syntax error; token: "=", near: "= = id"'),
    ("nonsense(id)", "Invalid ConditionExpression: Invalid function name; function: nonsense"),
    ("size(id)", None),
    ("((attribute_exists(id)))", "Invalid ConditionExpression: The expression has redundant "
                                 "parentheses;"),
])
def test_bad_expressions(client, table, expression, message):
    with refused("ValidationException", message):
        client.delete_item(TableName=table, Key={"id": {"S": "a"}}, ConditionExpression=expression)


def test_unused_names_and_values(client, table):
    request = {"TableName": table, "Key": {"id": {"S": "a"}},
               "ConditionExpression": "attribute_exists(id)"}
    with refused("ValidationException", "Value provided in ExpressionAttributeNames unused in "
                                        "expressions: keys: {#n}"):
        client.delete_item(ExpressionAttributeNames={"#n": "n"}, **request)
    with refused("ValidationException", "Value provided in ExpressionAttributeValues unused in "
                                        "expressions: keys: {:v}"):
        client.delete_item(ExpressionAttributeValues={":v": {"S": "v"}}, **request)
