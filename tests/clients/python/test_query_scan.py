"""Query and Scan over tables: key conditions of every type, filters, projections and pages."""

import pytest

from conftest import create_table, refused

NUMBERS = [-1e20, -30, -2, -1.5, 0, 0.5, 2, 10, 9e30]


def fill(client, name, sort_type, sort_values):
    create_table(client, name, f"pk:S sk:{sort_type}")
    for value in sort_values:
        for pk in ("a", "ab"):
            client.put_item(TableName=name, Item={
                "pk": {"S": pk}, "sk": {sort_type: value}, "extra": {"S": pk + "!"}})
    return name


@pytest.fixture(scope="module")
def strings(client):
    name = "query-strings"
    yield fill(client, name, "S", ["", "a", "aa", "ab", "b", "ä", "z"][1:])
    client.delete_table(TableName=name)


@pytest.fixture(scope="module")
def numbers(client):
    name = "query-numbers"
    yield fill(client, name, "N", [repr(n) for n in NUMBERS])
    client.delete_table(TableName=name)


@pytest.fixture(scope="module")
def binaries(client):
    name = "query-binaries"
    yield fill(client, name, "B", [b"\x00", b"\x00\x01", b"\x7f", b"\x80", b"\xff", b"\xff\xff"])
    client.delete_table(TableName=name)


def query(client, name, condition, values, **options):
    return client.query(TableName=name, KeyConditionExpression=condition,
                        ExpressionAttributeValues={":p": {"S": "a"}, **values}, **options)


def sort_keys(answer):
    return [value for item in answer["Items"] for value in item["sk"].values()]


@pytest.mark.parametrize("condition, expected", [
    ("sk = :a", ["aa"]), ("sk < :a", ["a"]), ("sk <= :a", ["a", "aa"]),
    ("sk > :a", ["ab", "b", "z", "ä"]), ("sk >= :a", ["aa", "ab", "b", "z", "ä"]),
    ("begins_with(sk, :b)", ["a", "aa", "ab"]), ("sk BETWEEN :a AND :c", ["aa", "ab", "b"]),
])
def test_string_sort_keys(client, strings, condition, expected):
    values = {":a": {"S": "aa"}, ":b": {"S": "a"}, ":c": {"S": "b"}}
    used = {k: v for k, v in values.items() if k in condition}
    assert sort_keys(query(client, strings, f"pk = :p AND {condition}", used)) == expected
    backward = query(client, strings, f"pk = :p AND {condition}", used, ScanIndexForward=False)
    assert sort_keys(backward) == expected[::-1]


def test_number_sort_keys_in_numeric_order(client, numbers):
    assert [float(n) for n in sort_keys(query(client, numbers, "pk = :p", {}))] == NUMBERS
    between = query(client, numbers, "pk = :p AND sk BETWEEN :l AND :h",
                    {":l": {"N": "-2.0"}, ":h": {"N": "5e-1"}})
    assert [float(n) for n in sort_keys(between)] == [-2, -1.5, 0, 0.5]


def test_binary_sort_keys_by_unsigned_bytes(client, binaries):
    assert sort_keys(query(client, binaries, "pk = :p AND sk > :b", {":b": {"B": b"\x7f"}})) == [
        b"\x80", b"\xff", b"\xff\xff"]
    assert sort_keys(query(client, binaries, "pk = :p AND begins_with(sk, :b)",
                           {":b": {"B": b"\xff"}})) == [b"\xff", b"\xff\xff"]


def test_filters_and_projections(client, strings):
    answer = query(client, strings, "pk = :p", {":f": {"S": "a!"}}, FilterExpression="extra <> :f")
    assert (answer["Count"], answer["ScannedCount"], answer["Items"]) == (0, 6, [])
    answer = query(client, strings, "pk = :p", {}, ProjectionExpression="extra", Limit=1)
    assert answer["Items"] == [{"extra": {"S": "a!"}}]
    answer = query(client, strings, "pk = :p", {}, Select="COUNT")
    assert answer["Count"] == 6 and "Items" not in answer


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("fixture", ["strings", "numbers", "binaries"])
def test_pages_of_every_key_type(client, request, fixture, forward):
    name = request.getfixturevalue(fixture)
    whole = query(client, name, "pk = :p", {}, ScanIndexForward=forward)["Items"]
    paginator = client.get_paginator("query")
    for size in (1, 2, 5):
        pages = paginator.paginate(
            TableName=name, KeyConditionExpression="pk = :p", ScanIndexForward=forward,
            ExpressionAttributeValues={":p": {"S": "a"}}, PaginationConfig={"PageSize": size})
        assert [item for page in pages for item in page["Items"]] == whole


def test_a_page_that_reaches_its_limit_has_a_key_to_go_on(client, strings):
    answer = query(client, strings, "pk = :p", {}, Limit=6)
    assert answer["LastEvaluatedKey"] == {"pk": {"S": "a"}, "sk": {"S": "ä"}}
    answer = query(client, strings, "pk = :p", {}, ExclusiveStartKey=answer["LastEvaluatedKey"])
    assert answer["Items"] == [] and "LastEvaluatedKey" not in answer


def test_pages_end_at_a_megabyte(client, name):
    create_table(client, name, "pk:S sk:N")
    for number in range(30):
        client.put_item(TableName=name, Item={
            "pk": {"S": "a"}, "sk": {"N": str(number)}, "data": {"S": "x" * 100_000}})
    answer = query(client, name, "pk = :p", {":no": {"S": "no"}}, FilterExpression="#d = :no",
                   ExpressionAttributeNames={"#d": "data"}, ReturnConsumedCapacity="TOTAL")
    assert answer["Count"] == 0 and answer["ScannedCount"] == 11
    assert answer["ConsumedCapacity"]["CapacityUnits"] == 134.5
    assert answer["LastEvaluatedKey"]["sk"] == {"N": "10"}
    seen = [item for page in client.get_paginator("scan").paginate(TableName=name)
            for item in page["Items"]]
    assert len(seen) == 30
    client.delete_table(TableName=name)


@pytest.mark.parametrize("total", [1, 2, 3, 7])
def test_segments_of_a_scan_share_the_items(client, name, total):
    create_table(client, name)
    for number in range(60):
        client.put_item(TableName=name, Item={"id": {"S": str(number)}})
    paginator = client.get_paginator("scan")
    segments = [[item["id"]["S"] for page in paginator.paginate(
        TableName=name, Segment=segment, TotalSegments=total, PaginationConfig={"PageSize": 3})
        for item in page["Items"]] for segment in range(total)]
    assert sorted(sum(segments, []), key=int) == [str(n) for n in range(60)]
    assert total == 1 or all(len(segment) < 60 for segment in segments)
    client.delete_table(TableName=name)


def test_pages_stay_right_while_the_table_changes(client, name):
    create_table(client, name, "pk:S sk:N")
    for number in range(0, 100, 2):
        client.put_item(TableName=name, Item={"pk": {"S": "a"}, "sk": {"N": str(number)}})
    seen, start = [], {}
    while True:
        answer = query(client, name, "pk = :p", {}, Limit=7, **start)
        seen += [int(n) for n in sort_keys(answer)]
        if "LastEvaluatedKey" not in answer:
            break
        # Behind the page: seen later. Before it, and the key itself: not seen again.
        last = seen[-1]
        client.put_item(TableName=name, Item={"pk": {"S": "a"}, "sk": {"N": str(last + 1)}})
        client.put_item(TableName=name, Item={"pk": {"S": "a"}, "sk": {"N": str(last - 1)}})
        client.delete_item(TableName=name, Key={"pk": {"S": "a"}, "sk": {"N": str(last)}})
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
    assert seen == sorted(set(seen))
    assert set(range(0, 100, 2)) <= set(seen)
    client.delete_table(TableName=name)


@pytest.mark.parametrize("arguments, message", [
    ({"KeyConditionExpression": "sk = :p"}, "Query condition missed key schema element: pk"),
    ({"KeyConditionExpression": "pk > :p"}, "Query key condition not supported"),
    ({"KeyConditionExpression": "pk = :p", "FilterExpression": "sk = :p"},
     "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"),
    ({"KeyConditionExpression": "pk = :p", "IndexName": "none"},
     "The table does not have the specified index: none"),
    ({"KeyConditionExpression": "pk = :p", "ExclusiveStartKey": {"pk": {"S": "a"}}},
     "The provided starting key is invalid: The provided key element does not match the schema"),
    ({"KeyConditionExpression": "pk = :p",
      "ExclusiveStartKey": {"pk": {"S": "b"}, "sk": {"S": "a"}}},
     "The provided starting key is outside query boundaries based on provided conditions"),
    ({"KeyConditionExpression": "pk = :p AND sk > :p",
      "ExclusiveStartKey": {"pk": {"S": "a"}, "sk": {"S": "a"}}},
     "The provided starting key does not match the range key predicate"),
])
def test_refused_queries(client, strings, arguments, message):
    with refused("ValidationException", message):
        client.query(TableName=strings, ExpressionAttributeValues={":p": {"S": "a"}}, **arguments)


def test_key_values_have_the_type_of_the_key(client, strings):
    with refused("ValidationException", "One or more parameter values were invalid: Condition "
                 "parameter type does not match schema type"):
        client.query(TableName=strings, KeyConditionExpression="pk = :p",
                     ExpressionAttributeValues={":p": {"N": "1"}})


@pytest.mark.parametrize("arguments, message", [
    ({"Segment": 0}, "The TotalSegments parameter is required but was not present in the request "
     "when Segment parameter is present"),
    ({"TotalSegments": 2}, "The Segment parameter is required but was not present in the request "
     "when parameter TotalSegments is present"),
    ({"Segment": 2, "TotalSegments": 2}, "The Segment parameter is zero-based and must be less than "
     "parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2"),
])
def test_refused_scans(client, strings, arguments, message):
    with refused("ValidationException", message):
        client.scan(TableName=strings, **arguments)
