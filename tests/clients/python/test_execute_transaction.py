"""ExecuteTransaction: PartiQL statements that take effect together, or not at all."""

import pytest

from conftest import create_table, refused


@pytest.fixture
def items(client, name):
    create_table(client, name, "pk:S sk:S")
    for sort_key in "12":
        client.put_item(TableName=name, Item={"pk": {"S": "p"}, "sk": {"S": sort_key},
                                              "n": {"N": sort_key}})
    yield name
    client.delete_table(TableName=name)


def execute(client, *statements, **options):
    members = [{"Statement": s} if isinstance(s, str) else s for s in statements]
    return client.execute_transaction(TransactStatements=members, **options)


def stored(client, table):
    return {item["sk"]["S"]: item.get("n", {}).get("N")
            for item in client.scan(TableName=table, ConsistentRead=True)["Items"]}


def test_writes_together(client, items):
    answer = execute(client, f"INSERT INTO \"{items}\" VALUE {{'pk': 'p', 'sk': '3', 'n': 3}}",
                     f"UPDATE \"{items}\" SET n = n + 10 WHERE pk = 'p' AND sk = '1'",
                     {"Statement": f'DELETE FROM "{items}" WHERE pk = ? AND sk = ?',
                      "Parameters": [{"S": "p"}, {"S": "2"}]}, ReturnConsumedCapacity="TOTAL")
    assert answer["Responses"] == [{}, {}, {}]
    assert answer["ConsumedCapacity"][0]["CapacityUnits"] == 6
    assert stored(client, items) == {"1": "11", "3": "3"}


def test_all_or_nothing(client, items):
    with refused("TransactionCanceledException") as refusal:
        execute(client, f"INSERT INTO \"{items}\" VALUE {{'pk': 'p', 'sk': '3'}}",
                f"INSERT INTO \"{items}\" VALUE {{'pk': 'p', 'sk': '1'}}",
                f"UPDATE \"{items}\" SET n = 5 WHERE pk = 'p' AND sk = '2' AND n = 7")
    reasons = refusal.response["CancellationReasons"]
    assert [r["Code"] for r in reasons] == ["None", "DuplicateItem", "ConditionalCheckFailed"]
    assert stored(client, items) == {"1": "1", "2": "2"}


def test_exists(client, items):
    exists = f"EXISTS(SELECT * FROM \"{items}\" WHERE pk = 'p' AND sk = '1' AND n = %s)"
    change = f"UPDATE \"{items}\" SET n = 20 WHERE pk = 'p' AND sk = '2'"
    with refused("TransactionCanceledException") as refusal:
        execute(client, exists % 2, change)
    assert [r["Code"] for r in refusal.response["CancellationReasons"]] == [
        "ConditionalCheckFailed", "None"]
    execute(client, exists % 1, change)
    assert stored(client, items) == {"1": "1", "2": "20"}


def test_reads_together(client, items):
    answer = execute(client, f"SELECT n FROM \"{items}\" WHERE pk = 'p' AND sk = '2'",
                     f"SELECT * FROM \"{items}\" WHERE pk = 'p' AND sk = '9'",
                     f"SELECT * FROM \"{items}\" WHERE pk = 'p' AND sk = '1'",
                     ReturnConsumedCapacity="TOTAL")
    assert answer["Responses"] == [{"Item": {"n": {"N": "2"}}}, {},
                                   {"Item": {"pk": {"S": "p"}, "sk": {"S": "1"}, "n": {"N": "1"}}}]
    assert answer["ConsumedCapacity"][0]["CapacityUnits"] == 6


def test_a_token_makes_it_happen_once(client, items):
    statement = f"UPDATE \"{items}\" SET n = n + 1 WHERE pk = 'p' AND sk = '1'"
    for _ in range(3):
        execute(client, statement, ClientRequestToken="once")
    assert stored(client, items)["1"] == "2"
    with refused("IdempotentParameterMismatchException"):
        execute(client, statement + " AND n = 2", ClientRequestToken="once")


@pytest.mark.parametrize("statements, message", [
    (["SELECT * FROM \"%s\" WHERE pk = 'p' AND sk = '1'",
      "DELETE FROM \"%s\" WHERE pk = 'p' AND sk = '1'"],
     "ExecuteTransaction API does not support both read and write operations in the same request."),
    (["DELETE FROM \"%s\" WHERE pk = 'p' AND sk = '1'",
      "DELETE FROM \"%s\" WHERE pk = 'p' AND sk = '1' AND n = 1"],
     "Transaction request cannot include multiple operations on one item"),
    (["DELETE FROM \"%s\" WHERE pk = 'p' AND sk = '1' RETURNING ALL OLD *"],
     "Validation failed in TransactStatements[0]: "),
    (["SELECT * FROM \"%s\".\"idx\" WHERE pk = 'p' AND sk = '1'"],
     "Validation failed in TransactStatements[0]: "),
])
def test_what_is_refused(client, items, statements, message):
    with refused("ValidationException") as refusal:
        execute(client, *[statement % items for statement in statements])
    assert message in refusal.message
    assert stored(client, items) == {"1": "1", "2": "2"}


def test_unknown_tables_and_keys_cancel(client, items):
    with refused("TransactionCanceledException") as refusal:
        execute(client, "DELETE FROM \"no-such-table\" WHERE pk = 'p'",
                f"DELETE FROM \"{items}\" WHERE pk = 'p' AND sk = 1")
    assert [r["Code"] for r in refusal.response["CancellationReasons"]] == [
        "ResourceNotFound", "ValidationError"]
