"""PartiQL: statements that read an index, or write its keys."""

import pytest

from conftest import create_table, refused
from partiql_statements import batch, keys, put, run  # noqa: F401


@pytest.fixture
def indexed(client, name):
    """Keys pk and sk; gsi by g, with the attribute `shown`; lsi by pk and l, keys only."""
    def attribute(attribute_name):
        return {"AttributeName": attribute_name, "AttributeType": "S"}

    def schema(*names):
        return [{"AttributeName": n, "KeyType": kind} for n, kind in zip(names, ("HASH", "RANGE"))]

    client.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=schema("pk", "sk"),
        AttributeDefinitions=[attribute(n) for n in ("pk", "sk", "g", "l")],
        GlobalSecondaryIndexes=[{
            "IndexName": "gsi", "KeySchema": schema("g", "sk"),
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["shown"]}}],
        LocalSecondaryIndexes=[{"IndexName": "lsi", "KeySchema": schema("pk", "l"),
                                "Projection": {"ProjectionType": "KEYS_ONLY"}}])
    for number, group in enumerate("yyz"):
        put(client, name, "p", str(number), g={"S": group}, l={"S": f"l{number}"},
            shown={"S": "s"}, hidden={"S": f"h{number}"})
    put(client, name, "p", "9", hidden={"S": "h9"})
    yield name
    client.delete_table(TableName=name)


def test_select_from_an_index(run, indexed):
    gsi, lsi = f'"{indexed}"."gsi"', f'"{indexed}"."lsi"'
    [first, second] = run(f"SELECT * FROM {gsi} WHERE g = 'y'")["Items"]
    assert first == {"pk": {"S": "p"}, "sk": {"S": "0"}, "g": {"S": "y"}, "shown": {"S": "s"}}
    assert second["sk"] == {"S": "1"}
    assert keys(run(f"SELECT * FROM {gsi} WHERE g = 'y' ORDER BY sk DESC")) == ["p/1", "p/0"]
    assert keys(run(f"SELECT * FROM {gsi} WHERE g IN ['y', 'z'] AND sk > '0'")) == ["p/1", "p/2"]
    assert keys(run(f"SELECT * FROM {lsi} WHERE pk = 'p' AND l BETWEEN 'l1' AND 'l2'")) == [
        "p/1", "p/2"]
    assert len(run(f"SELECT * FROM {gsi}")["Items"]) == 3
    # A local index fetches what it does not project, unless it is asked for everything.
    assert run(f"SELECT hidden FROM {lsi} WHERE pk = 'p' AND l = 'l1'")["Items"] == [
        {"hidden": {"S": "h1"}}]
    assert set(run(f"SELECT * FROM {lsi} WHERE pk = 'p' AND l = 'l1'")["Items"][0]) == {
        "pk", "sk", "l"}
    # Without its key an index is looked through as it is.
    assert run(f"SELECT pk FROM {gsi} WHERE hidden = 'h1'")["Items"] == []
    assert len(run(f"SELECT pk FROM {gsi} WHERE NOT hidden = 'h1'")["Items"]) == 3
    assert keys(run(f"SELECT * FROM {gsi} WHERE (g = 'y' AND hidden = 'h1') OR g = 'z'")) == ["p/2"]


def test_pages_of_an_index(run, indexed):
    statement = f'SELECT sk FROM "{indexed}"."gsi" WHERE g = \'y\''
    page = run(statement, Limit=1)
    assert page["Items"] == [{"sk": {"S": "0"}}]
    assert set(page["LastEvaluatedKey"]) == {"pk", "sk", "g"}
    page = run(statement, NextToken=page["NextToken"])
    assert page["Items"] == [{"sk": {"S": "1"}}] and "NextToken" not in page


def test_what_an_index_refuses(run, indexed):
    gsi, lsi = f'"{indexed}"."gsi"', f'"{indexed}"."lsi"'
    unfit = ("One or more parameter values were invalid: Secondary index {} does not project one or "
             "more filter attributes: [{}]")
    for source, where, names in (
            ("gsi", "g = 'y' AND hidden = 'h'", "hidden"),
            ("gsi", "g IN ['y', 'z'] AND hidden IS MISSING", "hidden"),
            ("gsi", "g = 'y' AND NOT (hidden = 'h' OR shown = 'x')", "hidden"),
            ("gsi", "g = 'y' AND b = '1' AND (a = '2' OR shown = '3')", "a, b"),
            ("gsi", "g = 'y' AND (zz = '1' OR aa = '2' OR mm = '3')", "zz, aa, mm"),
            ("gsi", "(g = 'q' AND u1 = '1') OR (g = 'b' AND u2 = '1')", "u1"),
            ("lsi", "pk = 'p' AND l BETWEEN 'l1' AND 'l4' AND hidden = 'h'", "hidden")):
        with refused("ValidationException", unfit.format(source, names)):
            run(f'SELECT pk FROM "{indexed}"."{source}" WHERE {where}')
    with refused("ValidationException", "One or more parameter values were invalid: Global secondary "
                 "index gsi does not project [hidden]"):
        run(f"SELECT hidden FROM {gsi} WHERE g = 'y'")
    with refused("ValidationException",
                 "Strongly consistent read is not supported on Global Secondary Indexes"):
        run(f"SELECT * FROM {gsi} WHERE g = 'y'", ConsistentRead=True)
    assert run(f"SELECT * FROM {lsi} WHERE pk = 'p'", ConsistentRead=True)["Items"]
    for statement in (f"UPDATE {gsi} SET a = 1 WHERE g = 'y'", f"DELETE FROM {gsi} WHERE g = 'y'"):
        with refused("ValidationException"):
            run(statement)


def test_capacity_of_an_index(run, indexed):
    answer = run(f'SELECT hidden FROM "{indexed}"."lsi" WHERE pk = \'p\'',
                 ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    assert answer["Table"]["CapacityUnits"] == 1.5
    assert answer["LocalSecondaryIndexes"] == {"lsi": {"CapacityUnits": 0.5}}


def test_index_keys_of_writes(run, indexed):
    with refused("ValidationException", "One or more parameter values were invalid: Type mismatch "
                 "for Index Key g Expected: S Actual: N IndexName: gsi"):
        run(f"INSERT INTO \"{indexed}\" VALUE {{'pk': 'q', 'sk': '1', 'g': 1}}")
    run(f"""UPDATE "{indexed}" SET g = 'new' WHERE pk = 'p' AND sk = '9'""")
    assert keys(run(f'SELECT * FROM "{indexed}"."gsi" WHERE g = \'new\'')) == ["p/9"]


def test_batch_reads_no_index(client, indexed):
    answer = batch(client, f"""SELECT * FROM "{indexed}"."gsi" WHERE pk = 'p' AND sk = '1' AND g = 'y'""")
    assert answer["Responses"][0]["Error"]["Message"] == (
        "Select statements within BatchExecuteStatement must specify the primary key in the where "
        "clause.")
