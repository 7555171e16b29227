"""The AWS CLI over indexes, transactions, PartiQL and TTL."""

import json
import time

import pytest


@pytest.fixture
def indexed(dynamodb, name):
    dynamodb("create-table", "--table-name", name, "--billing-mode", "PAY_PER_REQUEST",
             "--attribute-definitions", "AttributeName=id,AttributeType=S",
             "AttributeName=kind,AttributeType=S", "AttributeName=at,AttributeType=N",
             "--key-schema", "AttributeName=id,KeyType=HASH", "AttributeName=at,KeyType=RANGE",
             "--local-secondary-indexes", json.dumps([{
                 "IndexName": "local", "Projection": {"ProjectionType": "KEYS_ONLY"},
                 "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"},
                               {"AttributeName": "kind", "KeyType": "RANGE"}]}]),
             "--global-secondary-indexes", json.dumps([{
                 "IndexName": "global", "Projection": {"ProjectionType": "ALL"},
                 "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}]}]))
    dynamodb("wait", "table-exists", "--table-name", name)
    for number in range(5):
        dynamodb("put-item", "--table-name", name, "--item",
                 {"id": {"S": "a"}, "at": {"N": str(number)}, "kind": {"S": "xy"[number % 2]},
                  "text": {"S": "t"}})
    yield name
    dynamodb("delete-table", "--table-name", name)


def test_queries_of_indexes(dynamodb, indexed):
    answer = dynamodb("query", "--table-name", indexed, "--index-name", "global",
                      "--key-condition-expression", "kind = :k", "--expression-attribute-values",
                      {":k": {"S": "y"}}, "--page-size", 1)
    assert sorted(item["at"]["N"] for item in answer["Items"]) == ["1", "3"]
    answer = dynamodb("query", "--table-name", indexed, "--index-name", "local",
                      "--key-condition-expression", "id = :i AND kind > :k",
                      "--expression-attribute-values", {":i": {"S": "a"}, ":k": {"S": "x"}},
                      "--consistent-read", "--return-consumed-capacity", "INDEXES")
    assert answer["Count"] == 2 and "text" not in answer["Items"][0]
    assert answer["ConsumedCapacity"]["LocalSecondaryIndexes"]["local"]["CapacityUnits"] == 1
    assert dynamodb("scan", "--table-name", indexed, "--index-name", "global", "--select",
                    "COUNT")["Count"] == 5


def test_transactions(dynamodb, indexed):
    def put(at, **condition):
        return {"Put": {"TableName": indexed, "Item": {"id": {"S": "t"}, "at": {"N": str(at)}},
                        **condition}}

    dynamodb("transact-write-items", "--transact-items", [put(1), put(2)])
    with pytest.raises(AssertionError, match="TransactionCanceledException.*None, Conditional"):
        dynamodb("transact-write-items", "--transact-items",
                 [put(3), put(1, ConditionExpression="attribute_not_exists(id)")])
    keys = [{"Get": {"TableName": indexed, "Key": {"id": {"S": "t"}, "at": {"N": str(at)}}}}
            for at in (1, 2, 3)]
    read = dynamodb("transact-get-items", "--transact-items", keys)["Responses"]
    assert [bool(one.get("Item")) for one in read] == [True, True, False]


def test_partiql(dynamodb, indexed):
    dynamodb("execute-statement", "--statement",
             f"INSERT INTO \"{indexed}\" VALUE {{'id': 'q', 'at': 1, 'kind': 'z'}}")
    answer = dynamodb("execute-statement", "--statement",
                      f"SELECT * FROM \"{indexed}\".\"global\" WHERE kind = ?", "--parameters",
                      [{"S": "z"}])
    assert answer["Items"] == [{"id": {"S": "q"}, "at": {"N": "1"}, "kind": {"S": "z"}}]
    batch = dynamodb("batch-execute-statement", "--statements", [
        {"Statement": f"SELECT * FROM \"{indexed}\" WHERE id = 'q' AND \"at\" = {at}"}
        for at in (1, 2)])["Responses"]
    assert ["Item" in one for one in batch] == [True, False]
    dynamodb("execute-transaction", "--transact-statements", [
        {"Statement": f"UPDATE \"{indexed}\" SET n = 1 WHERE id = 'q' AND \"at\" = 1"}])


def test_time_to_live_and_an_index_of_later(dynamodb, indexed):
    dynamodb("update-time-to-live", "--table-name", indexed, "--time-to-live-specification",
             "Enabled=true,AttributeName=until")
    described = dynamodb("describe-time-to-live", "--table-name", indexed)
    assert described["TimeToLiveDescription"]["AttributeName"] == "until"
    dynamodb("update-table", "--table-name", indexed, "--attribute-definitions",
             "AttributeName=text,AttributeType=S", "--global-secondary-index-updates",
             [{"Create": {"IndexName": "late", "Projection": {"ProjectionType": "KEYS_ONLY"},
                          "KeySchema": [{"AttributeName": "text", "KeyType": "HASH"}]}}])
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        table = dynamodb("describe-table", "--table-name", indexed)["Table"]
        late, = [i for i in table["GlobalSecondaryIndexes"] if i["IndexName"] == "late"]
        if late["IndexStatus"] == "ACTIVE":
            break
    assert late["ItemCount"] == 5
