"""PartiQL: BatchExecuteStatement."""

import pytest

from conftest import refused
from partiql_statements import batch, get, items, put  # noqa: F401
from wire import call


def test_batch_of_reads(client, items):
    put(client, items, "a", n={"N": "1"})
    answer = batch(client,
                   f"""SELECT * FROM "{items}" WHERE pk = 'a' AND sk = '1'""",
                   {"Statement": f'SELECT n FROM "{items}" WHERE pk IN [?] AND sk = ?',
                    "Parameters": [{"S": "a"}, {"S": "1"}], "ConsistentRead": True},
                   f"""SELECT * FROM "{items}" WHERE pk = 'none' AND sk = '1'""",
                   f"""SELECT * FROM "{items}-missing" WHERE pk = 'a' AND sk = '1'""",
                   "SLECT * FROM t", ReturnConsumedCapacity="TOTAL")
    assert answer["Responses"] == [
        {"TableName": items, "Item": {"pk": {"S": "a"}, "sk": {"S": "1"}, "n": {"N": "1"}}},
        {"TableName": items, "Item": {"n": {"N": "1"}}},
        {"TableName": items},
        {"Error": {"Code": "ResourceNotFound", "Message": "Requested resource not found"}},
        {"Error": {"Code": "ValidationError", "Message": "Statement wasn't well formed, can't be "
                   "processed: Expected data manipulation"}}]
    assert answer["ConsumedCapacity"] == [{"TableName": items, "CapacityUnits": units}
                                          for units in (0.5, 1, 0.5)]


@pytest.mark.parametrize("where", [
    "", "WHERE n = 1", "WHERE pk = 'a'", "WHERE pk = 'a' AND sk > '0'",
    "WHERE pk = 'a' AND sk = '1' AND n = 1", "WHERE pk = 'a' AND sk = '1' AND pk = 'b'",
    "WHERE pk IN ['a', 'b'] AND sk = '1'"])
def test_batch_reads_by_key_only(client, items, where):
    answer = batch(client, f'SELECT * FROM "{items}" {where}')
    assert answer["Responses"] == [{"Error": {
        "Code": "ValidationError", "Message": "Select statements within BatchExecuteStatement must "
        "specify the primary key in the where clause."}}]


def test_batch_of_writes(client, server, items):
    put(client, items, "a", n={"N": "1"})
    put(client, items, "gone", n={"N": "1"})
    answer = batch(server,
                   f"INSERT INTO \"{items}\" VALUE {{'pk': 'new', 'sk': '1'}}",
                   f"INSERT INTO \"{items}\" VALUE {{'pk': 'a', 'sk': '1'}}",
                   f"""UPDATE "{items}" SET n = 2 WHERE pk = 'a' AND sk = '1' RETURNING MODIFIED NEW *""",
                   f"""DELETE FROM "{items}" WHERE pk = 'gone' AND sk = '1' RETURNING ALL OLD *""",
                   {"Statement": f"""UPDATE "{items}" SET n = 3 WHERE pk = 'new' AND sk = '1' AND n = 7""",
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD"},
                   f"""DELETE FROM "{items}" WHERE pk = 'a'""",
                   ReturnConsumedCapacity="TOTAL")
    key = {"pk": {"S": "new"}, "sk": {"S": "1"}}
    assert answer["Responses"] == [
        {"TableName": items},
        {"TableName": items, "Error": {"Code": "DuplicateItem",
                                       "Message": "Duplicate primary key exists in table"}},
        {"TableName": items, "Item": {"n": {"N": "2"}}},
        {"TableName": items, "Item": {"pk": {"S": "gone"}, "sk": {"S": "1"}, "n": {"N": "1"}}},
        {"TableName": items, "Error": {"Code": "ConditionalCheckFailed", "Item": key,
                                       "Message": "The conditional request failed"}},
        {"Error": {"Code": "ValidationError", "Message": "Where clause does not contain a mandatory "
                   "equality on all key attributes"}}]
    assert get(client, items, "new") == key
    assert len(answer["ConsumedCapacity"]) == 3


def test_batch_is_of_one_kind(client, items):
    with refused("ValidationException", "BatchExecuteStatement API does not support both read and "
                 "write operations in the same request."):
        batch(client, f"""SELECT * FROM "{items}" WHERE pk = 'a' AND sk = '1'""",
              f"INSERT INTO \"{items}\" VALUE {{'pk': 'a', 'sk': '1'}}")
    assert get(client, items, "a") is None


def test_batch_size(client, server, items):
    statement = f"""DELETE FROM "{items}" WHERE pk = 'a' AND sk = '1'"""
    assert len(batch(client, *[statement] * 25)["Responses"]) == 25
    for count in (0, 26):
        answer = call(server, "BatchExecuteStatement", {"Statements": [{"Statement": statement}] * count})
        assert answer.error[0] == "ValidationException"
