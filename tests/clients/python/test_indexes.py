"""Secondary indexes: what they hold and how they are read."""

import pytest

from conftest import refused
from index_tables import (  # noqa: F401
    S, N, schema, index, create, scan_all, sorted_items, orders, order, put, query)


def test_projections(client, orders):
    put(client, orders, order("c", "1", "open", 5, note="n", more="m"))
    found = {i: query(client, orders, i, "#s = :s", {":s": {S: "open"}})["Items"]
             for i in ("all", "keys", "some")}
    keys = {"customer": {S: "c"}, "id": {S: "1"}, "status": {S: "open"}}
    assert found["keys"] == [keys]
    assert found["some"] == [{**keys, "note": {S: "n"}}]
    assert found["all"] == [order("c", "1", "open", 5, note="n", more="m")]
    local = query(client, orders, "by-total", "customer = :c", {":c": {S: "c"}})["Items"]
    assert local == [{"customer": {S: "c"}, "id": {S: "1"}, "total": {N: "5"}, "note": {S: "n"}}]


def test_an_index_is_sparse(client, orders):
    put(client, orders, order("c", "1"), order("c", "2", "open"), order("c", "3", "open", 1))
    assert len(scan_all(client, TableName=orders, IndexName="all")) == 1
    assert len(scan_all(client, TableName=orders, IndexName="keys")) == 2
    client.update_item(TableName=orders, Key={"customer": {S: "c"}, "id": {S: "3"}},
                       UpdateExpression="REMOVE #s", ExpressionAttributeNames={"#s": "status"})
    assert scan_all(client, TableName=orders, IndexName="all") == []
    client.delete_item(TableName=orders, Key={"customer": {S: "c"}, "id": {S: "2"}})
    assert scan_all(client, TableName=orders, IndexName="keys") == []


def test_entries_follow_their_items(client, orders):
    put(client, orders, order("c", "1", "open", 5, note="a"))
    put(client, orders, order("c", "1", "open", 5, note="b"))
    some = query(client, orders, "some", "#s = :s", {":s": {S: "open"}})["Items"]
    assert [item["note"] for item in some] == [{S: "b"}]
    put(client, orders, order("c", "1", "shut", 5, note="b"))
    assert query(client, orders, "some", "#s = :s", {":s": {S: "open"}})["Items"] == []
    assert query(client, orders, "all", "#s = :s", {":s": {S: "shut"}})["Count"] == 1


@pytest.mark.parametrize("condition, expected", [
    ("#s = :s AND #t < :n", [-3.5, -1]), ("#s = :s AND #t <= :n", [-3.5, -1, 0]),
    ("#s = :s AND #t > :n", [2, 10]), ("#s = :s AND #t = :n", [0]),
    ("#s = :s AND #t BETWEEN :m AND :n", [-1, 0]), ("#s = :s", [-3.5, -1, 0, 2, 10])])
def test_sort_keys_of_an_index(client, orders, condition, expected):
    totals = [10, 2, -3.5, 0, -1]
    put(client, orders, *[order(f"c{i}", "1", "open", total) for i, total in enumerate(totals)])
    put(client, orders, order("x", "1", "opener", 0), order("x", "2", "ope", 0))
    values = {":s": {S: "open"}, ":n": {N: "0"}, ":m": {N: "-1"}}
    values = {k: v for k, v in values.items() if k in condition}
    for forward in (True, False):
        answer = query(client, orders, "all", condition, values, ScanIndexForward=forward)
        found = [float(item["total"][N]) for item in answer["Items"]]
        assert found == (expected if forward else expected[::-1])


def test_string_sort_keys_with_zero_bytes(client, name):
    create(client, name, "id:S g:S s:S", "id",
           GlobalSecondaryIndexes=[index("one", "g | s", "KEYS_ONLY")])
    texts = ["a", "a\x00", "a\x00b", "a\x01", "aa", "b"]
    for number, text in enumerate(reversed(texts)):
        client.put_item(TableName=name, Item={"id": {S: str(number)}, "g": {S: "g"}, "s": {S: text}})
    found = query(client, name, "one", "g = :g", {":g": {S: "g"}})["Items"]
    assert [item["s"][S] for item in found] == texts
    begun = query(client, name, "one", "g = :g AND begins_with(s, :s)",
                  {":g": {S: "g"}, ":s": {S: "a\x00"}})["Items"]
    assert [item["s"][S] for item in begun] == ["a\x00", "a\x00b"]
    client.delete_table(TableName=name)


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("index_name", ["all", "keys", "by-total"])
def test_pages_of_equal_sort_keys(client, orders, index_name, forward):
    """Many entries with one key: each page goes on where the last one ended."""
    items = [order("c", f"{i:02}", "open", i % 2) for i in range(23)]
    put(client, orders, *items)
    condition, values = ("customer = :k", {":k": {S: "c"}}) if index_name == "by-total" else (
        "#s = :k", {":k": {S: "open"}})
    seen, options = [], {"Limit": 4, "ScanIndexForward": forward}
    while True:
        answer = query(client, orders, index_name, condition, values, **options)
        seen += [item["id"][S] for item in answer["Items"]]
        if "LastEvaluatedKey" not in answer:
            break
        options["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        keys = {"all": {"total", "status"}, "keys": {"status"}, "by-total": {"total"}}[index_name]
        assert set(answer["LastEvaluatedKey"]) == {"customer", "id"} | keys
    assert sorted(seen) == [item["id"][S] for item in items]


def test_scan_of_an_index_in_segments(client, orders):
    items = [order(f"c{i}", "1", f"s{i % 7}", i) for i in range(60)]
    put(client, orders, *items)
    found = []
    for segment in range(3):
        found += scan_all(client, TableName=orders, IndexName="all", Limit=5, Segment=segment,
                          TotalSegments=3)
    assert sorted_items(found) == sorted_items(items)


def test_what_a_local_index_lacks_is_fetched(client, orders):
    put(client, orders, order("c", "1", "open", 5, note="n", more="m"))
    values = {":c": {S: "c"}}
    whole = query(client, orders, "by-total", "customer = :c", values, Select="ALL_ATTRIBUTES",
                  ConsistentRead=True, ReturnConsumedCapacity="INDEXES")
    assert whole["Items"] == [order("c", "1", "open", 5, note="n", more="m")]
    assert whole["ConsumedCapacity"]["CapacityUnits"] == 2
    assert whole["ConsumedCapacity"]["Table"]["CapacityUnits"] == 1
    one = query(client, orders, "by-total", "customer = :c", values, ProjectionExpression="more")
    assert one["Items"] == [{"more": {S: "m"}}]


@pytest.mark.parametrize("options, message", [
    ({"Select": "ALL_ATTRIBUTES"}, "One or more parameter values were invalid: Select type "
     "ALL_ATTRIBUTES is not supported for global secondary index some because its projection type "
     "is not ALL"),
    ({"ConsistentRead": True},
     "Consistent reads are not supported on global secondary indexes"),
    ({"ProjectionExpression": "note, more"}, "One or more parameter values were invalid: Global "
     "secondary index some does not project [more]"),
    ({"ExclusiveStartKey": {"customer": {S: "c"}, "id": {S: "1"}}},
     "The provided starting key is invalid"),
    ({"ExclusiveStartKey": {"customer": {S: "c"}, "id": {S: "1"}, "status": {N: "1"}}},
     "The provided starting key is invalid"),
])
def test_what_a_global_index_refuses(client, orders, options, message):
    with refused("ValidationException") as refusal:
        query(client, orders, "some", "#s = :s", {":s": {S: "open"}}, **options)
    assert refusal.message == message


def test_unknown_index(client, orders):
    with refused("ValidationException") as refusal:
        client.scan(TableName=orders, IndexName="nope")
    assert refusal.message == "The table does not have the specified index: nope"


@pytest.mark.parametrize("value, message", [
    ({N: "1"}, "One or more parameter values were invalid: Type mismatch for Index Key status "
     "Expected: S Actual: N IndexName: all"),
    ({S: ""}, "One or more parameter values are not valid. A value specified for a secondary index "
     "key is not supported. The AttributeValue for a key attribute cannot contain an empty string "
     "value. IndexName: all, IndexKey: status"),
])
def test_what_an_index_key_may_be(client, orders, value, message):
    item = {**order("c", "1"), "status": value}
    key = {"customer": {S: "c"}, "id": {S: "1"}}
    with refused("ValidationException") as refusal:
        client.put_item(TableName=orders, Item=item)
    assert refusal.message == message
    with refused("ValidationException"):
        client.batch_write_item(RequestItems={orders: [{"PutRequest": {"Item": item}}]})
    with refused("ValidationException") as refusal:
        client.update_item(TableName=orders, Key=key, UpdateExpression="SET #s = :v",
                           ExpressionAttributeNames={"#s": "status"},
                           ExpressionAttributeValues={":v": value})
    assert refusal.message == message
    assert "Item" not in client.get_item(TableName=orders, Key=key)


def test_an_update_that_spoils_an_index_key(client, orders):
    put(client, orders, {**order("c", "1", "open"), "list": {"L": []}})
    with refused("ValidationException") as refusal:
        client.update_item(TableName=orders, Key={"customer": {S: "c"}, "id": {S: "1"}},
                           UpdateExpression="SET #s = #l",
                           ExpressionAttributeNames={"#s": "status", "#l": "list"})
    assert refusal.message == ("The update expression attempted to update the secondary index key "
                               "to unsupported type")


def test_capacity_of_writes(client, orders):
    def units(**item):
        consumed = put(client, orders, order("c", "1", **item),
                       ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
        indexes = {**consumed.get("GlobalSecondaryIndexes", {}),
                   **consumed.get("LocalSecondaryIndexes", {})}
        assert consumed["CapacityUnits"] == consumed["Table"]["CapacityUnits"] + sum(
            one["CapacityUnits"] for one in indexes.values())
        return {i: one["CapacityUnits"] for i, one in indexes.items()}

    assert units() == {}
    assert units(status="open") == {"keys": 1, "some": 1, "by-status": 1}
    assert units(status="open", more="x") == {}
    assert units(status="open", note="x") == {"some": 1}
    assert units(status="shut", note="x") == {"keys": 2, "some": 2, "by-status": 2}
    assert units(total=1, note="x" * 1500) == {"keys": 1, "some": 1, "by-status": 1, "by-total": 2}


def test_item_collection_metrics(client, orders):
    item = order("c", "1", total=1)
    metrics = put(client, orders, item, ReturnItemCollectionMetrics="SIZE")["ItemCollectionMetrics"]
    assert metrics == {"ItemCollectionKey": {"customer": {S: "c"}},
                       "SizeEstimateRangeGB": [0.0, 1.0]}
    assert "ItemCollectionMetrics" not in put(client, orders, item)
    batch = client.batch_write_item(
        RequestItems={orders: [{"PutRequest": {"Item": order("c", "2")}},
                               {"PutRequest": {"Item": order("d", "1")}}]},
        ReturnItemCollectionMetrics="SIZE")["ItemCollectionMetrics"]
    assert sorted(one["ItemCollectionKey"]["customer"][S] for one in batch[orders]) == ["c", "d"]


def test_multi_attribute_keys(client, name):
    create(client, name, "id:S a:S b:N c:S d:N", "id",
           GlobalSecondaryIndexes=[index("many", "a b | c d", "KEYS_ONLY")])
    described = client.describe_table(TableName=name)["Table"]["GlobalSecondaryIndexes"][0]
    assert described["KeySchema"] == schema("a b | c d")
    for number in range(20):
        client.put_item(TableName=name, Item={
            "id": {S: str(number)}, "a": {S: "x"}, "b": {N: str(number % 2)},
            "c": {S: "ab"[number // 10]}, "d": {N: str(10 - number % 10)}})
    values = {":a": {S: "x"}, ":b": {N: "0"}, ":c": {S: "b"}, ":d": {N: "7"}}

    def found(condition, **options):
        used = {k: v for k, v in values.items() if k in condition}
        items = query(client, name, "many", condition, used, **options)["Items"]
        return [(item["c"][S], int(item["d"][N])) for item in items]

    assert found("a = :a AND b = :b") == [(c, d) for c in "ab" for d in (2, 4, 6, 8, 10)]
    assert found("a = :a AND b = :b AND c = :c") == [("b", d) for d in (2, 4, 6, 8, 10)]
    assert found("a = :a AND b = :b AND c = :c AND d > :d") == [("b", 8), ("b", 10)]
    assert found("a = :a AND b = :b AND c < :c", ScanIndexForward=False)[0] == ("a", 10)
    for condition in ("a = :a", "a = :a AND b = :b AND d = :d",
                      "a = :a AND b = :b AND c > :c AND d = :d", "a = :a AND b > :b"):
        with refused("ValidationException"):
            found(condition)
    client.delete_table(TableName=name)


@pytest.mark.parametrize("keys, message", [
    ("a b c d e", "One or more parameter values were invalid: The KeySchema exceeds the maximum "
     "allowed number of HASH key attributes"),
    ("a | b c d e f", "One or more parameter values were invalid: The KeySchema exceeds the maximum "
     "allowed number of RANGE key attributes"),
    ("a b a", "The KeySchema contains multiple key attributes with the same name"),
])
def test_key_schemas_that_are_refused(client, name, keys, message):
    with refused("ValidationException") as refusal:
        create(client, name, " ".join(f"{a}:S" for a in "abcdef"), "a",
               GlobalSecondaryIndexes=[index("one", keys)])
    assert refusal.message == message


def test_sizes_of_indexes(client, orders):
    put(client, orders, order("c", "1", "open", 5), order("c", "2", "open"))
    table = client.describe_table(TableName=orders)["Table"]
    counts = {i["IndexName"]: (i["ItemCount"], i["IndexSizeBytes"] > 0) for i in
              table["GlobalSecondaryIndexes"] + table["LocalSecondaryIndexes"]}
    assert counts == {"all": (1, True), "keys": (2, True), "some": (2, True),
                      "by-total": (1, True), "by-status": (2, True)}
    assert all(i["IndexArn"].endswith(f"table/{orders}/index/{i['IndexName']}")
               for i in table["GlobalSecondaryIndexes"])


def test_stream_records_do_not_tell_of_indexes(client, streams, name):
    create(client, name, "id:S g:S", "id", GlobalSecondaryIndexes=[index("one", "g")],
           StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    put(client, name, {"id": {S: "1"}, "g": {S: "a"}}, {"id": {S: "1"}, "g": {S: "b"}})
    arn = client.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard,
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    records = streams.get_records(ShardIterator=iterator)["Records"]
    assert [r["eventName"] for r in records] == ["INSERT", "MODIFY"]
    client.delete_table(TableName=name)
