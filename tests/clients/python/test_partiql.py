"""PartiQL: ExecuteStatement."""

import json

import pytest

from conftest import create_table, make_client, refused
from partiql_statements import get, items, keys, put, run  # noqa: F401
from server import Server
from wire import call


def test_insert_select_update_delete(client, run, items):
    assert run(f"""INSERT INTO "{items}" VALUE
               {{'pk': 'a', 'sk': '1', 'm': {{'x': [1, <<'s'>>]}}, 'q': 'it''s'}}""")["Items"] == []
    stored = {"pk": {"S": "a"}, "sk": {"S": "1"}, "q": {"S": "it's"},
              "m": {"M": {"x": {"L": [{"N": "1"}, {"SS": ["s"]}]}}}}
    assert get(client, items, "a") == stored
    assert run(f"""SELECT * FROM "{items}" WHERE pk = 'a' AND sk = '1'""")["Items"] == [stored]
    assert run(f"""SELECT m.x[0], q FROM "{items}" WHERE pk = ?""", {"S": "a"})["Items"] == [
        {"x[0]": {"N": "1"}, "q": {"S": "it's"}}]
    assert run(f"""UPDATE "{items}" SET n = 1, m.y = ? REMOVE q WHERE pk = 'a' AND sk = '1'""",
               {"B": b"\x00"})["Items"] == []
    assert get(client, items, "a") == {
        "pk": {"S": "a"}, "sk": {"S": "1"}, "n": {"N": "1"},
        "m": {"M": {"x": {"L": [{"N": "1"}, {"SS": ["s"]}]}, "y": {"B": b"\x00"}}}}
    assert run(f"""DELETE FROM "{items}" WHERE sk = '1' AND pk = 'a'""")["Items"] == []
    assert get(client, items, "a") is None


def test_insert_does_not_replace(client, run, items):
    put(client, items, "a", old={"N": "1"})
    with refused("DuplicateItemException", "Duplicate primary key exists in table"):
        run(f"INSERT INTO \"{items}\" VALUE {{'pk': 'a', 'sk': '1'}}")
    assert get(client, items, "a")["old"] == {"N": "1"}
    with refused("ValidationException",
                 "One or more parameter values were invalid: Missing the key sk in the item"):
        run(f"INSERT INTO \"{items}\" VALUE {{'pk': 'a'}}")
    with refused("ValidationException", "Item size has exceeded the maximum allowed size"):
        run(f"INSERT INTO \"{items}\" VALUE {{'pk': 'b', 'sk': '1', 'x': ?}}", {"S": "x" * 409600})


def test_conditions_of_writes(client, server, run, items):
    put(client, items, "a", n={"N": "1"})
    where = "WHERE pk = 'a' AND sk = '1' AND n = 2"
    for statement in (f'UPDATE "{items}" SET x = 1 {where}', f'DELETE FROM "{items}" {where}',
                      f'FROM "{items}" {where} SET x = 1'):
        answer = call(server, "ExecuteStatement", {
            "Statement": statement, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"})
        assert answer.error == ("ConditionalCheckFailedException", "The conditional request failed")
        assert answer.json["Item"]["n"] == {"N": "1"}
        with refused("ConditionalCheckFailedException", "The conditional request failed") as refusal:
            run(statement)
        assert "Item" not in refusal.response
    assert get(client, items, "a") == {"pk": {"S": "a"}, "sk": {"S": "1"}, "n": {"N": "1"}}
    run(f"""UPDATE "{items}" SET x = 1 WHERE (pk = 'a' AND sk = '1') AND attribute_exists(n)""")
    assert get(client, items, "a")["x"] == {"N": "1"}
    # No item: an update fails, a removal has nothing to do, whatever else is asked.
    for condition in ("", " AND n = 1", " AND attribute_not_exists(pk)"):
        with refused("ConditionalCheckFailedException", "The conditional request failed"):
            run(f"""UPDATE "{items}" SET x = 1 WHERE pk = 'no' AND sk = '1'{condition}""")
        run(f"""DELETE FROM "{items}" WHERE pk = 'no' AND sk = '1'{condition}""")
    assert get(client, items, "no") is None


@pytest.mark.parametrize("where, message", [
    ("", "Where clause does not contain a mandatory equality on all key attributes"),
    ("WHERE pk = 'a'", "Where clause does not contain a mandatory equality on all key attributes"),
    ("WHERE pk = 'a' OR sk = '1'",
     "Where clause does not contain a mandatory equality on all key attributes"),
    ("WHERE pk IN ['a'] AND sk = '1'",
     "Where clause does not contain a mandatory equality on all key attributes"),
    ("WHERE pk = 'a' AND sk > '1'",
     "Where clause does not contain a mandatory equality on all key attributes"),
    ("WHERE pk = 'a' AND sk = '1' AND pk = 'b'",
     "Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported"),
    ("WHERE pk = 1 AND sk = '1'", "The provided key element does not match the schema"),
])
def test_writes_name_one_item(run, items, where, message):
    for statement in (f'UPDATE "{items}" SET x = 1 {where}', f'DELETE FROM "{items}" {where}'):
        with refused("ValidationException", message):
            run(statement)


def test_writes_of_keys_and_paths(client, run, items):
    put(client, items, "a", n={"N": "1"})
    for change, message in (
            ("SET pk = 'b'", "One or more parameter values were invalid: Cannot update attribute "
             "pk. This attribute is part of the key"),
            ("SET l[0] = 1",
             "The document path provided in the update expression is invalid for update"),
            ("SET n = set_add(n, <<1>>)",
             "An operand in the update expression has an incorrect data type")):
        with refused("ValidationException", message):
            run(f"""UPDATE "{items}" {change} WHERE pk = 'a' AND sk = '1'""")
    # Said before the condition is looked at.
    with refused("ValidationException", "Incorrect operand type for operator or function; "
                 "operator or function: +, operand type: S"):
        run(f"""UPDATE "{items}" SET n = 'a' + 1 WHERE pk = 'a' AND sk = '1' AND nope = 'x'""")


def test_returning(client, run, items):
    def update(change, returning):
        put(client, items, "a", d={"S": "old"}, keep={"S": "k"},
            l={"L": [{"S": "0"}, {"S": "1"}, {"S": "2"}]}, m={"M": {"x": {"S": "x"}, "y": {"S": "y"}}})
        return run(f"""UPDATE "{items}" {change} WHERE pk = 'a' AND sk = '1'
                   RETURNING {returning} *""")["Items"]

    old = get(client, items, "a")
    assert old is None
    [item] = update("SET d = 'new'", "ALL OLD")
    assert item["d"] == {"S": "old"} and item["keep"] == {"S": "k"} and item["pk"] == {"S": "a"}
    [item] = update("SET d = 'new'", "ALL NEW")
    assert item["d"] == {"S": "new"} and item["keep"] == {"S": "k"}
    assert update("SET d = 'new'", "MODIFIED OLD") == [{"d": {"S": "old"}}]
    assert update("SET d = 'new'", "MODIFIED NEW") == [{"d": {"S": "new"}}]
    assert update("SET fresh = 'new'", "MODIFIED OLD") == []
    assert update("REMOVE d", "MODIFIED NEW") == []
    assert update("REMOVE d", "MODIFIED OLD") == [{"d": {"S": "old"}}]
    assert update("SET m.x = 'z'", "MODIFIED NEW") == [{"m": {"M": {"x": {"S": "z"}}}}]
    assert update("SET l[2] = 'c', l[0] = 'a'", "MODIFIED NEW") == [
        {"l": {"L": [{"S": "a"}, {"S": "c"}]}}]
    assert update("SET l[7] = 'c'", "MODIFIED NEW") == []
    assert update("REMOVE l[1]", "MODIFIED NEW") == [{"l": {"L": [{"S": "2"}]}}]

    removal = f"""DELETE FROM "{items}" WHERE pk = 'a' AND sk = '1' RETURNING ALL OLD *"""
    assert run(removal)["Items"][0]["keep"] == {"S": "k"}
    assert run(removal)["Items"] == []


def test_select_by_key_or_scan(client, run, items):
    for pk in "ab":
        for sk in "123":
            put(client, items, pk, sk, n={"N": sk})

    def selected(where):
        return keys(run(f'SELECT * FROM "{items}" WHERE {where}'))

    assert selected("pk = 'a'") == ["a/1", "a/2", "a/3"]
    assert selected("pk = 'a' AND sk BETWEEN '2' AND '9'") == ["a/2", "a/3"]
    assert selected("pk = 'a' AND begins_with(sk, '2')") == ["a/2"]
    assert selected("pk = 'a' AND '2' < sk") == ["a/3"]
    assert selected("pk = 'a' AND sk = '1' AND sk > '0'") == ["a/1"]
    assert selected("pk = 'a' AND sk > '1' AND sk < '3' AND n = 2") == ["a/2"]
    assert selected("pk IN ['b', 'a'] AND sk IN ['3', '1']") == ["a/1", "a/3", "b/1", "b/3"]
    assert selected("pk = 'a' AND (sk = '1' OR sk = '3')") == ["a/1", "a/3"]
    assert selected("pk = 'a' AND (sk < '1' OR sk > '1' OR sk = '1')") == ["a/1", "a/2", "a/3"]
    assert selected("(pk = 'a' AND sk = '2') OR (pk = 'b' AND n = 3)") == ["a/2", "b/3"]
    assert selected("pk = 'a' AND sk <> '1'") == ["a/2", "a/3"]
    assert selected("pk = 'a' AND NOT sk = '1' OR pk = 'a' AND sk = '2'") == ["a/2", "a/3"]
    assert selected("pk = 'a' OR pk = 'a' AND NOT sk = '1'") == ["a/1", "a/2", "a/3"]
    assert selected("pk = 'a' AND pk = 'b'") == []
    assert selected("pk = 'a' AND sk > '2' AND sk < '2'") == []
    assert sorted(selected("pk = 'a' OR sk = '1'")) == ["a/1", "a/2", "a/3", "b/1"]
    assert sorted(selected("n > 2")) == ["a/3", "b/3"]
    assert sorted(selected("attribute_exists(pk)")) == [f"{pk}/{sk}" for pk in "ab" for sk in "123"]
    assert selected("pk > 1") == []
    assert len(run(f'SELECT * FROM "{items}"')["Items"]) == 6
    assert run(f"""SELECT nope FROM "{items}" WHERE pk = 'a' AND sk = '1'""")["Items"] == [{}]


@pytest.mark.parametrize("where, message", [
    ("pk IN ['a', 'a']", "Overlapping"), ("pk = 'a' OR pk = 'a'", "Overlapping"),
    ("pk = 'a' AND (sk > '0' OR sk < '5')", "Overlapping"),
    ("pk = 'a' AND (sk = '1' OR n = 1)", "Overlapping"),
    ("(pk = 'a' AND n = 1) OR (pk = 'a' AND n = 2)", "Overlapping"),
    ("pk = 1 OR pk = 'a'",
     "Key attribute's data type should match its data type in table's schema: Key pk"),
    ("pk = 'a' AND sk IN ['1', 2]",
     "Key attribute's data type should match its data type in table's schema: Key sk"),
    ("pk = ''", "One or more parameter values are not valid. The AttributeValue for a key attribute "
     "cannot contain an empty string value. Key: pk"),
    ("pk = 'a' AND n < true", "Incorrect operand type for operator or function; operator or "
     "function: <, operand type: BOOL"),
    ("pk = 'a' AND sk BETWEEN '2' AND '1'", "The BETWEEN operator requires upper bound to be greater "
     "than or equal to lower bound; lower bound operand: AttributeValue: {S:2}, upper bound "
     "operand: AttributeValue: {S:1}"),
])
def test_refused_conditions(run, items, where, message):
    if message == "Overlapping":
        message = "Overlapping conditions with range keys are not supported in where clause"
    with refused("ValidationException", message):
        run(f'SELECT * FROM "{items}" WHERE {where}')


def test_number_of_reads(run, items):
    def values(count):
        return ", ".join(f"'v{i}'" for i in range(count))

    for where in (f"pk IN [{values(51)}]", f"pk = 'a' AND sk IN [{values(51)}]",
                  f"pk IN [{values(26)}] AND sk IN ['1', '2']"):
        with refused("ValidationException",
                     "Too many decomposed read operations for a given query."):
            run(f'SELECT * FROM "{items}" WHERE {where}')
    for where in (f"pk IN [{values(50)}] AND n IN [{values(100)}]", f"pk IN [{values(51)}] OR n = 1"):
        assert run(f'SELECT * FROM "{items}" WHERE {where}')["Items"] == []
    with refused("ValidationException", "The IN operator is provided with too many operands; "
                 "number of operands: 101"):
        run(f"SELECT * FROM \"{items}\" WHERE pk = 'a' AND n IN [{values(101)}]")
    with refused("ValidationException",
                 "The expression contains too many operators; operator count: 301"):
        run(f'SELECT * FROM "{items}" WHERE ' + " OR ".join(["a=1"] * 151))


def test_order_by(client, run, items):
    for pk in "op":
        for sk in "123":
            put(client, items, pk, sk)

    def ordered(clause, **options):
        return run(f'SELECT * FROM "{items}" {clause}', **options)

    assert keys(ordered("WHERE pk = 'o' ORDER BY sk DESC")) == ["o/3", "o/2", "o/1"]
    assert keys(ordered("WHERE pk = 'o' ORDER BY sk")) == ["o/1", "o/2", "o/3"]
    assert keys(ordered("WHERE pk = 'o' ORDER BY pk ASC")) == ["o/3", "o/2", "o/1"]
    assert keys(ordered("WHERE pk = 'o' AND sk IN ['1', '3'] ORDER BY sk DESC")) == ["o/3", "o/1"]
    both = ordered("WHERE pk IN ['o', 'p'] ORDER BY pk DESC, sk ASC")
    assert keys(both) == ["p/1", "p/2", "p/3", "o/1", "o/2", "o/3"]
    page = ordered("WHERE pk IN ['o', 'p'] ORDER BY pk DESC", Limit=2)
    assert keys(page) == ["p/3", "p/2"]
    page = ordered("WHERE pk IN ['o', 'p'] ORDER BY pk DESC", Limit=2, NextToken=page["NextToken"])
    assert keys(page) == ["p/1", "o/3"]

    for clause, message in (
            ("ORDER BY sk", "Must have WHERE clause in the statement when using ORDER BY clause."),
            ("WHERE pk = 'o' ORDER BY n DESC",
             "Attribute n in ORDER BY clause must be part of the primary key"),
            ("WHERE pk > 'a' ORDER BY sk", "Must have at least one non-optional hash key condition "
             "in WHERE clause when using ORDER BY clause."),
            ("WHERE pk IN ['o', 'p'] ORDER BY sk", "Must have hash key in ORDER BY clause when more "
             "than one hash key condition specified in WHERE clause.")):
        with refused("ValidationException", message):
            ordered(clause)


@pytest.mark.parametrize("clause", ["", "WHERE pk IN ['a', 'b', 'c']", "WHERE n >= 0",
                                    "WHERE pk IN ['a', 'b', 'c'] ORDER BY pk DESC, sk DESC"])
def test_paging(client, run, items, clause):
    expected = []
    for pk in "abc":
        for sk in range(5):
            put(client, items, pk, str(sk), n={"N": "1"})
            expected.append(f"{pk}/{sk}")
    seen, options = [], {}
    while True:
        page = run(f'SELECT * FROM "{items}" {clause}', Limit=4, **options)
        assert len(page["Items"]) <= 4
        seen += keys(page)
        if "NextToken" not in page:
            break
        assert set(page["LastEvaluatedKey"]) == {"pk", "sk"}
        options = {"NextToken": page["NextToken"]}
    assert sorted(seen) == expected


def test_pages_end_at_a_megabyte(client, run, items):
    for sk in range(5):
        put(client, items, "a", str(sk), x={"S": "x" * 300_000})
    page = run(f"""SELECT sk FROM "{items}" WHERE pk = 'a'""")
    assert len(page["Items"]) == 4
    page = run(f"""SELECT sk FROM "{items}" WHERE pk = 'a'""", NextToken=page["NextToken"])
    assert page["Items"] == [{"sk": {"S": "4"}}]
    assert "NextToken" not in page


def test_token_belongs_to_its_statement(client, run, items):
    for sk in "123":
        put(client, items, "a", sk)
    statement = f'SELECT * FROM "{items}" WHERE pk = ?'
    token = run(statement, {"S": "a"}, Limit=1)["NextToken"]
    assert keys(run(statement, {"S": "a"}, NextToken=token)) == ["a/2", "a/3"]
    for other, parameter, used in ((statement + " AND sk > '0'", "a", token), (statement, "b", token),
                                   (statement, "a", token[:-4] + "AAAA"), (statement, "a", "x")):
        with refused("ValidationException", "NextToken does not match request"):
            run(other, {"S": parameter}, NextToken=used)


def test_token_outlives_a_restart(tmp_path):
    data = tmp_path / "data"
    with Server("--data", data) as server:
        client = make_client(server)
        create_table(client, "kept", "pk:S sk:S")
        for sk in "12":
            put(client, "kept", "a", sk)
        token = client.execute_statement(Statement="SELECT * FROM kept", Limit=1)["NextToken"]
    with Server("--data", data) as server:
        client = make_client(server)
        answer = client.execute_statement(Statement="SELECT * FROM kept", NextToken=token)
        assert keys(answer) == ["a/2"]


def test_consumed_capacity(client, run, items):
    put(client, items, "a", x={"S": "x" * 5000})
    select = f"""SELECT * FROM "{items}" WHERE pk = 'a'"""

    def units(statement, **options):
        return run(statement, ReturnConsumedCapacity="TOTAL", **options)["ConsumedCapacity"]

    assert units(select) == {"TableName": items, "CapacityUnits": 1}
    assert units(select, ConsistentRead=True) == {"TableName": items, "CapacityUnits": 2}
    assert units(f"""UPDATE "{items}" SET x = 'y' WHERE pk = 'a' AND sk = '1'""") == {
        "TableName": items, "CapacityUnits": 5}
    assert "ConsumedCapacity" not in run(select)


def test_order_of_checks(run, items):
    missing = f"{items}-missing"
    # What the statement says, then the table, then what the table makes of it.
    with refused("ValidationException", "Number of parameters in request and statement don't match."):
        run(f"SELECT * FROM \"{missing}\" WHERE pk = 'a'", {"S": "x"})
    with refused("ValidationException", "Incorrect operand type for operator or function; operator "
                 "or function: <, operand type: BOOL"):
        run(f'SELECT * FROM "{missing}" WHERE pk = ? AND v < ?', {"S": "x"}, {"BOOL": True})
    for statement in (f'SELECT * FROM "{missing}"', f"INSERT INTO \"{missing}\" VALUE {{'pk': 1}}",
                      f'FROM "{missing}" WHERE pk = 1 SET c = 1', f'DELETE FROM "{missing}"'):
        with refused("ResourceNotFoundException", "Requested resource not found"):
            run(statement)
    with refused("ValidationException", "One or more parameter values were invalid: Input collection "
                 "[a, a] contains duplicates."):
        run(f'UPDATE "{items}" SET WHERE', {"SS": ["a", "a"]})
    with refused("ValidationException", "The table does not have the specified index"):
        run(f'SELECT * FROM "{items}"."no-such-index" WHERE pk = \'p\'')
    with refused("ValidationException",
                 "EXISTS can only be used in ExecuteTransaction write requests."):
        run(f"EXISTS(SELECT * FROM \"{items}\" WHERE pk = 'a' AND sk = '1' AND n = 1)")


def test_limits_of_the_request(server, run, items):
    padding = " " * (8192 - len(f'SELECT * FROM "{items}"'))
    assert run(f'SELECT * FROM "{items}"{padding}')["Items"] == []
    status_and_error = call(server, "ExecuteStatement",
                            {"Statement": f'SELECT * FROM "{items}"{padding} '})
    assert status_and_error.status == 400
    assert "Member must have length less than or equal to 8192" in json.dumps(status_and_error.json)
    for statement in ("SELECT * FROM t WHERE " + "(" * 8000, "SELECT * FROM t WHERE " + "NOT " * 2000,
                      "INSERT INTO t VALUE " + "[" * 8000, "SELECT * FROM t WHERE a = " + "-" * 1 +
                      " -" * 4000, "SELECT * FROM t WHERE " + "a=" * 4000 + "a"):
        with refused("ValidationException"):
            run(statement)


def test_deep_results_are_refused(client, run, items):
    put(client, items, "a", m={"M": {}})
    deep = {"S": "x"}
    for _ in range(31):
        deep = {"M": {"a": deep}}
    with refused("ValidationException", "Nesting Levels have exceeded supported limits"):
        run(f"""UPDATE "{items}" SET m.deep = ? WHERE pk = 'a' AND sk = '1'""", deep)


def test_writes_are_in_the_stream(client, streams, run, name):
    create_table(client, name, "pk:S sk:S", StreamSpecification={
        "StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    run(f"INSERT INTO \"{name}\" VALUE {{'pk': 'a', 'sk': '1'}}")
    run(f"""UPDATE "{name}" SET n = 1 WHERE pk = 'a' AND sk = '1'""")
    run(f"""DELETE FROM "{name}" WHERE pk = 'a' AND sk = '1'""")
    run(f"""DELETE FROM "{name}" WHERE pk = 'a' AND sk = '1'""")
    arn = client.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    records = streams.get_records(ShardIterator=iterator)["Records"]
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
    client.delete_table(TableName=name)
