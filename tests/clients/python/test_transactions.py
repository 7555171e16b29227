"""TransactWriteItems and TransactGetItems: all or nothing, once per token, and what they refuse."""

import threading
import uuid

import pytest

from conftest import create_table, read_stream, refused, stream_arn
from wire import call

CANCELLED = "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]"
TWICE = "Transaction request cannot include multiple operations on one item"
TOO_LARGE = "The aggregate size of the items in the transaction cannot exceed 4 MB"


@pytest.fixture
def other(client, name):
    """A second table, with a sort key."""
    create_table(client, name + "-other", "pk:S sk:N",
                 StreamSpecification={"StreamEnabled": True,
                                      "StreamViewType": "NEW_AND_OLD_IMAGES"})
    yield name + "-other"
    client.delete_table(TableName=name + "-other")


def key(text):
    return {"id": {"S": text}}


def other_key(text, number=1):
    return {"pk": {"S": text}, "sk": {"N": str(number)}}


def put(table, item, **options):
    return {"Put": {"TableName": table, "Item": item, **options}}


def update(table, item_key, expression, values=None, **options):
    if values:
        options["ExpressionAttributeValues"] = values
    return {"Update": {"TableName": table, "Key": item_key, "UpdateExpression": expression,
                       **options}}


def delete(table, item_key, **options):
    return {"Delete": {"TableName": table, "Key": item_key, **options}}


def check(table, item_key, condition, **options):
    return {"ConditionCheck": {"TableName": table, "Key": item_key,
                               "ConditionExpression": condition, **options}}


def get(table, item_key, **options):
    return {"Get": {"TableName": table, "Key": item_key, **options}}


def write(client, *actions, **options):
    return client.transact_write_items(TransactItems=list(actions), **options)


def read(client, *gets, **options):
    return client.transact_get_items(TransactItems=list(gets), **options)


def item(client, table, item_key):
    return client.get_item(TableName=table, Key=item_key).get("Item")


def cancelled(*codes):
    return refused("TransactionCanceledException", CANCELLED.format(", ".join(codes)))


def test_every_action_over_two_tables(client, table, other, streams):
    client.put_item(TableName=table, Item={**key("u"), "n": {"N": "1"}})
    client.put_item(TableName=other, Item=other_key("d"))
    client.put_item(TableName=table, Item={**key("c"), "state": {"S": "on"}})
    assert {"ResponseMetadata"} == set(write(
        client,
        put(other, {**other_key("p"), "a": {"S": "x"}}),
        update(table, key("u"), "ADD n :one", {":one": {"N": "1"}}),
        delete(other, other_key("d")),
        check(table, key("c"), "#s = :on", ExpressionAttributeNames={"#s": "state"},
              ExpressionAttributeValues={":on": {"S": "on"}})))
    assert item(client, other, other_key("p")) == {**other_key("p"), "a": {"S": "x"}}
    assert item(client, table, key("u")) == {**key("u"), "n": {"N": "2"}}
    assert item(client, other, other_key("d")) is None
    records = read_stream(streams, stream_arn(client, other))
    assert [record["eventName"] for record in records] == ["INSERT", "INSERT", "REMOVE"]


def test_nothing_is_written_when_one_condition_fails(client, table, other, streams):
    client.put_item(TableName=table, Item={**key("a"), "n": {"N": "1"}})
    with cancelled("None", "ConditionalCheckFailed", "None", "ConditionalCheckFailed") as refusal:
        write(client, put(other, other_key("p")),
              put(table, key("a"), ConditionExpression="attribute_not_exists(id)",
                  ReturnValuesOnConditionCheckFailure="ALL_OLD"),
              put(table, key("b")),
              check(table, key("none"), "attribute_exists(id)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD"))
    failed = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
    assert refusal.response["CancellationReasons"] == [
        {"Code": "None"}, {**failed, "Item": {**key("a"), "n": {"N": "1"}}}, {"Code": "None"},
        failed]
    assert item(client, other, other_key("p")) is None
    assert item(client, table, key("b")) is None
    assert read_stream(streams, stream_arn(client, other)) == []


def test_what_an_item_refuses_is_a_reason(client, table):
    client.put_item(TableName=table, Item={**key("big"), "blob": {"S": "x" * 300_000}})
    client.put_item(TableName=table, Item={**key("text"), "n": {"S": "text"}})
    with cancelled("ValidationError", "ValidationError", "None") as refusal:
        write(client,
              update(table, key("big"), "SET more = :m", {":m": {"S": "x" * 200_000}}),
              update(table, key("text"), "SET n = n + :one", {":one": {"N": "1"}}),
              put(table, key("fine")))
    assert [reason.get("Message") for reason in refusal.response["CancellationReasons"]] == [
        "Item size to update has exceeded the maximum allowed size",
        "An operand in the update expression has an incorrect data type", None]


def test_keys_that_do_not_fit_are_reasons(client, table):
    mismatch = "The provided key element does not match the schema"
    reasons = {
        "One or more parameter values were invalid: Type mismatch for key id expected: S actual: N":
            put(table, {"id": {"N": "5"}}),
        "One or more parameter values were invalid: Missing the key id in the item":
            put(table, {"other": {"S": "x"}}),
        "One or more parameter values were invalid: Cannot update attribute id. This attribute is "
        "part of the key": update(table, key("a"), "SET id = :v", {":v": {"S": "b"}}),
    }
    for message, action in reasons.items():
        with cancelled("None", "ValidationError") as refusal:
            write(client, put(table, key("fine")), action)
        assert refusal.response["CancellationReasons"][1] == {"Code": "ValidationError",
                                                              "Message": message}
    for wrong in ({"id": {"N": "5"}}, {"id": {"L": []}}, {**key("a"), "more": {"S": "x"}}):
        for action in (delete(table, wrong), check(table, wrong, "attribute_exists(id)"),
                       update(table, wrong, "REMOVE a")):
            with cancelled("ValidationError") as refusal:
                write(client, action)
            assert refusal.response["CancellationReasons"][0]["Message"] == mismatch
        with cancelled("None", "ValidationError"):
            read(client, get(table, key("a")), get(table, wrong))


def test_empty_keys_refuse_the_request(client, table):
    message = ("One or more parameter values are not valid. The AttributeValue for a key attribute "
               "cannot contain an empty string value. Key: id")
    for action in (put(table, key("")), delete(table, key("")), update(table, key(""), "REMOVE a"),
                   check(table, key(""), "attribute_exists(id)")):
        with refused("ValidationException", message):
            write(client, action)


def test_refused_requests(client, table):
    fine = put(table, key("fine"))
    unused = "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"
    values = {"ExpressionAttributeValues": {":v": {"S": "x"}}}
    refusals = [
        (TWICE, put(table, key("fine"))),
        (TWICE, check(table, key("fine"), "attribute_exists(id)")),
        ("TransactItems can only contain one of Check, Put, Update or Delete",
         {**put(table, key("a")), **delete(table, key("b"))}),
        ("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request", {}),
        (unused, put(table, key("a"), ConditionExpression="attribute_exists(id)", **values)),
        (unused, delete(table, key("a"), ConditionExpression="attribute_exists(id)", **values)),
        ("Invalid ConditionExpression: The expression can not be empty;", check(table, key("a"), "")),
        ("Invalid UpdateExpression: The expression can not be empty;", update(table, key("a"), "")),
        ("Item size has exceeded the maximum allowed size",
         put(table, {**key("a"), "blob": {"S": "x" * 410_000}})),
    ]
    for message, action in refusals:
        with refused("ValidationException", message):
            write(client, fine, action)
    with refused("ResourceNotFoundException", "Requested resource not found"):
        write(client, fine, put("none-of-this-name", key("a")))
    assert item(client, table, key("fine")) is None
    with refused("ValidationException", TWICE):
        read(client, get(table, key("a")), get(table, key("a")))


def test_legacy_parameters_mean_nothing_in_an_action(server, table):
    answer = call(server, "TransactWriteItems", {"TransactItems": [
        {"Put": {"TableName": table, "Item": key("a"), "ReturnValues": "ALL_NEW",
                 "Expected": {"id": {"Exists": True, "Value": {"S": "a"}}}}}]})
    assert (answer.status, answer.json) == (200, {})


def test_limits(client, table):
    write(client, *(put(table, key(str(n))) for n in range(100)))
    answer = read(client, *(get(table, key(str(n))) for n in range(100)))
    assert [r["Item"] for r in answer["Responses"]] == [key(str(n)) for n in range(100)]
    blob = {"blob": {"S": "x" * 380_000}}
    write(client, *(put(table, {**key(str(n)), **blob}) for n in range(11)))
    with refused("ValidationException", TOO_LARGE):
        write(client, *(put(table, {**key(str(n)), **blob}) for n in range(12)))
    client.put_item(TableName=table, Item={**key("11"), **blob})
    assert len(read(client, *(get(table, key(str(n))) for n in range(11)))["Responses"]) == 11
    with refused("ValidationException", TOO_LARGE):
        read(client, *(get(table, key(str(n))) for n in range(12)))


def test_a_token_takes_effect_once(client, table):
    def add(token, amount="1", **options):
        return write(client, update(table, key("n"), "ADD n :a", {":a": {"N": amount}}),
                     ClientRequestToken=token, **options)

    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    units = {"TableName": table, "CapacityUnits": 2.0}
    assert add(first, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"] == [
        {**units, "WriteCapacityUnits": 2.0}]
    assert add(first, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"] == [
        {**units, "ReadCapacityUnits": 2.0}]
    with refused("IdempotentParameterMismatchException"):
        add(first, "2")
    add(second)
    add(first)
    assert item(client, table, key("n"))["n"] == {"N": "2"}


def test_a_cancelled_transaction_is_not_remembered(client, table):
    token = str(uuid.uuid4())
    for _ in range(2):
        with cancelled("ConditionalCheckFailed"):
            write(client, put(table, key("a"), ConditionExpression="attribute_exists(id)"),
                  ClientRequestToken=token)
    client.put_item(TableName=table, Item=key("a"))
    write(client, put(table, {**key("a"), "n": {"N": "1"}}), ClientRequestToken=token)
    assert item(client, table, key("a")) == {**key("a"), "n": {"N": "1"}}


def test_one_token_at_once_takes_effect_once(client, table):
    token = str(uuid.uuid4())
    outcomes = []

    def add():
        try:
            write(client, update(table, key("n"), "ADD n :a", {":a": {"N": "1"}}),
                  ClientRequestToken=token)
            outcomes.append("ok")
        except client.exceptions.TransactionInProgressException:
            outcomes.append("in progress")

    threads = [threading.Thread(target=add) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 10 and "ok" in outcomes
    assert item(client, table, key("n"))["n"] == {"N": "1"}


def test_consumed_capacity(client, table, other):
    answer = write(client, put(table, {**key("a"), "blob": {"S": "x" * 1500}}),
                   put(other, other_key("a")), delete(table, key("none")),
                   ReturnConsumedCapacity="INDEXES")
    units = [{"CapacityUnits": n, "WriteCapacityUnits": n} for n in (6.0, 2.0)]
    assert answer["ConsumedCapacity"] == [
        {"TableName": table, **units[0], "Table": units[0]},
        {"TableName": other, **units[1], "Table": units[1]}]
    answer = read(client, get(table, key("a")), get(other, other_key("none")), get(table, key("b")),
                  ReturnConsumedCapacity="TOTAL")
    assert answer["ConsumedCapacity"] == [
        {"TableName": table, "CapacityUnits": 4.0, "ReadCapacityUnits": 4.0},
        {"TableName": other, "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0}]


def test_reads_with_projections_and_what_is_missing(client, table, other):
    client.put_item(TableName=table, Item={**key("a"), "name": {"S": "n"}, "x": {"S": "y"}})
    client.put_item(TableName=other, Item=other_key("a", 2))
    arn = client.describe_table(TableName=table)["Table"]["TableArn"]
    answer = read(client, get(other, other_key("a", 2)), get(table, key("none")),
                  get(arn, key("a"), ProjectionExpression="#n",
                      ExpressionAttributeNames={"#n": "name"}))
    assert answer["Responses"] == [{"Item": other_key("a", 2)}, {}, {"Item": {"name": {"S": "n"}}}]


def test_indexes_and_collections(client, name):
    key_schema = [{"AttributeName": "pk", "KeyType": "HASH"}]
    client.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"}
                              for n in ("pk", "sk", "local", "global")],
        KeySchema=[*key_schema, {"AttributeName": "sk", "KeyType": "RANGE"}],
        LocalSecondaryIndexes=[{
            "IndexName": "by-local", "Projection": {"ProjectionType": "ALL"},
            "KeySchema": [*key_schema, {"AttributeName": "local", "KeyType": "RANGE"}]}],
        GlobalSecondaryIndexes=[{
            "IndexName": "by-global", "Projection": {"ProjectionType": "ALL"},
            "KeySchema": [{"AttributeName": "global", "KeyType": "HASH"}]}])

    def whole(sort_key, **attributes):
        return {"pk": {"S": "p"}, "sk": {"S": sort_key},
                **{n: {"S": v} for n, v in attributes.items()}}

    answer = write(client, put(name, whole("1", local="l", **{"global": "g"})),
                   put(name, whole("2", **{"global": "g"})),
                   ReturnConsumedCapacity="INDEXES", ReturnItemCollectionMetrics="SIZE")
    units = {n: {"CapacityUnits": n, "WriteCapacityUnits": n} for n in (2.0, 4.0, 10.0)}
    assert answer["ConsumedCapacity"] == [
        {"TableName": name, **units[10.0], "Table": units[4.0],
         "LocalSecondaryIndexes": {"by-local": units[2.0]},
         "GlobalSecondaryIndexes": {"by-global": units[4.0]}}]
    assert answer["ItemCollectionMetrics"] == {name: [
        {"ItemCollectionKey": {"pk": {"S": "p"}}, "SizeEstimateRangeGB": [0.0, 1.0]}]}
    with cancelled("None", "ValidationError"):
        write(client, delete(name, {"pk": {"S": "p"}, "sk": {"S": "1"}}),
              put(name, {**whole("3"), "global": {"N": "1"}}))
    with refused("ValidationException"):
        write(client, put(name, whole("3", **{"global": ""})))
    found = client.query(TableName=name, IndexName="by-global",
                         KeyConditionExpression="#g = :g",
                         ExpressionAttributeNames={"#g": "global"},
                         ExpressionAttributeValues={":g": {"S": "g"}})
    assert found["Count"] == 2
    client.delete_table(TableName=name)
