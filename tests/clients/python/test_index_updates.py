"""Secondary indexes come and go, and are backfilled."""

import threading

import pytest

from conftest import make_client, refused
from index_tables import (  # noqa: F401
    S, N, create, definitions, expected_entries, index, orders, put, scan_all, sorted_items,
    wait_until_built)
from server import Server


def add_index(client, name, new_index, attributes):
    return client.update_table(TableName=name, AttributeDefinitions=definitions(attributes),
                               GlobalSecondaryIndexUpdates=[{"Create": new_index}])


def test_an_index_comes_and_goes(client, name):
    create(client, name, "id:S", "id")
    items = [{"id": {S: str(i)}, "g": {S: f"g{i % 3}"}} if i % 2 else {"id": {S: str(i)}}
             for i in range(600)]
    put(client, name, *items)
    answer = add_index(client, name, index("late", "g"), "g:S")["TableDescription"]
    assert answer["TableStatus"] == "UPDATING"
    assert answer["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING"
    table = wait_until_built(client, name)
    assert table["GlobalSecondaryIndexes"][0]["ItemCount"] == 300
    found = scan_all(client, TableName=name, IndexName="late")
    assert sorted_items(found) == sorted_items(expected_entries(items, "g"))
    answer = client.update_table(TableName=name, GlobalSecondaryIndexUpdates=[
        {"Delete": {"IndexName": "late"}}])["TableDescription"]
    assert answer["GlobalSecondaryIndexes"][0]["IndexStatus"] == "DELETING"
    table = client.describe_table(TableName=name)["Table"]
    assert "GlobalSecondaryIndexes" not in table
    assert table["AttributeDefinitions"] == definitions("id:S")
    with refused("ValidationException"):
        client.scan(TableName=name, IndexName="late")
    add_index(client, name, index("late", "h"), "h:S")
    wait_until_built(client, name)
    assert scan_all(client, TableName=name, IndexName="late") == []
    client.delete_table(TableName=name)


def test_items_that_cannot_be_indexed_stay_out(client, name):
    create(client, name, "id:S", "id")
    put(client, name, {"id": {S: "1"}, "g": {N: "1"}}, {"id": {S: "2"}, "g": {S: ""}},
        {"id": {S: "3"}, "g": {S: "x" * 2049}}, {"id": {S: "4"}, "g": {S: "x" * 2048}})
    add_index(client, name, index("late", "g", "KEYS_ONLY"), "g:S")
    wait_until_built(client, name)
    assert [i["id"] for i in scan_all(client, TableName=name, IndexName="late")] == [{S: "4"}]
    client.delete_table(TableName=name)


def test_a_backfill_under_writes(client, name):
    """Writes of every kind go on while an index is built; it ends up right, and its counts too."""
    create(client, name, "id:S", "id")
    put(client, name, *[{"id": {S: str(i)}, "g": {S: "old"}} for i in range(1500)])
    stop = threading.Event()
    written = []

    def write(seed):
        number = seed
        while not stop.is_set():
            number = (number * 1103515245 + 12345) % 2**31
            identity = {"id": {S: str(number % 2000)}}
            if number % 5 == 0:
                client.delete_item(TableName=name, Key=identity)
            elif number % 5 == 1:
                client.put_item(TableName=name, Item=identity)
            else:
                client.put_item(TableName=name, Item={**identity, "g": {S: f"g{number % 7}"}})
            written.append(number)

    threads = [threading.Thread(target=write, args=(seed,)) for seed in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for round_number in range(3):
        add_index(client, name, index(f"late{round_number}", "g"), "g:S")
        wait_until_built(client, name)
    stop.set()
    for thread in threads:
        thread.join()
    assert written
    expected = sorted_items(expected_entries(scan_all(client, TableName=name), "g"))
    table = client.describe_table(TableName=name)["Table"]
    for described in table["GlobalSecondaryIndexes"]:
        found = scan_all(client, TableName=name, IndexName=described["IndexName"])
        assert sorted_items(found) == expected
        assert described["ItemCount"] == len(expected)
    client.delete_table(TableName=name)


def test_an_index_is_removed_while_it_is_built(client, name):
    create(client, name, "id:S", "id")
    for start in range(0, 3000, 25):
        client.batch_write_item(RequestItems={name: [
            {"PutRequest": {"Item": {"id": {S: str(i)}, "g": {S: "g"}}}}
            for i in range(start, start + 25)]})
    for _ in range(4):
        add_index(client, name, index("brief", "g"), "g:S")
        client.update_table(TableName=name, GlobalSecondaryIndexUpdates=[
            {"Delete": {"IndexName": "brief"}}])
    add_index(client, name, index("brief", "g", "KEYS_ONLY"), "g:S")
    table = wait_until_built(client, name)
    assert table["GlobalSecondaryIndexes"][0]["ItemCount"] == 3000
    client.delete_table(TableName=name)


def test_a_backfill_survives_kill(tmp_path):
    """SIGKILL at any point of it: the next start goes on, and the index ends up right."""
    items = [{"id": {S: str(i)}, "g": {S: str(i % 11)}, "fill": {S: "x" * 200}}
             for i in range(5000)]
    with Server("--data", tmp_path / "data") as server:
        client = make_client(server)
        create(client, "backfilled", "id:S", "id")
        for start in range(0, len(items), 25):
            client.batch_write_item(RequestItems={"backfilled": [
                {"PutRequest": {"Item": item}} for item in items[start:start + 25]]})
        add_index(client, "backfilled", index("late", "g"), "g:S")
        server.kill()
    unfinished = 0
    for _ in range(50):
        with Server("--data", tmp_path / "data") as server:
            client = make_client(server)
            described = client.describe_table(TableName="backfilled")["Table"]["GlobalSecondaryIndexes"][0]
            if described["IndexStatus"] == "ACTIVE":
                break
            unfinished += 1
            assert described["Backfilling"] is True
            server.kill()
    with Server("--data", tmp_path / "data") as server:
        client = make_client(server)
        wait_until_built(client, "backfilled")
        found = scan_all(client, TableName="backfilled", IndexName="late")
        assert sorted_items(found) == sorted_items(items)
    assert unfinished > 0, "the backfill was done before it could be killed"


@pytest.mark.parametrize("updates, code, message", [
    ([], "ValidationException", "List of GlobalSecondaryIndexUpdates is empty"),
    ([{}], "ValidationException", "One of GlobalSecondaryIndexUpdate.Update, "),
    ([{"Create": index("all", "status")}], "ValidationException",
     "Attempting to create an index which already exists"),
    ([{"Delete": {"IndexName": "by-total"}}], "ValidationException",
     "Cannot delete an index that is not a GlobalSecondaryIndex: by-total"),
    ([{"Delete": {"IndexName": "none"}}], "ResourceNotFoundException", ""),
    ([{"Delete": {"IndexName": "all"}}, {"Delete": {"IndexName": "keys"}}],
     "LimitExceededException",
     "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per "
     "table"),
    ([{"Delete": {"IndexName": "all"}}, {"Delete": {"IndexName": "all"}}], "ValidationException",
     "Only one global secondary index update per index is allowed simultaneously. Index: all"),
])
def test_index_updates_that_are_refused(client, orders, updates, code, message):
    with refused(code) as refusal:
        client.update_table(TableName=orders, AttributeDefinitions=definitions("status:S"),
                            GlobalSecondaryIndexUpdates=updates)
    assert message in refusal.message
    assert len(client.describe_table(TableName=orders)["Table"]["GlobalSecondaryIndexes"]) == 3
