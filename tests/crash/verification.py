"""What must hold of the writers' table after a restart."""

import tables
from comparable import comparable_item
from ledger import version_of
from replay import Replay, identity
from streams import read_stream
from writers import COUNTER, TABLE


def read_item(connection, key):
    answer = connection.ok("GetItem", {"TableName": TABLE, "Key": {"pk": {"S": key}},
                                       "ConsistentRead": True})
    return comparable_item(answer.get("Item"))


def settle_writers(connection, writers):
    """Reads all items, checks them against the ledgers, and the stream against them all.

    The number of records.
    """
    found = {}
    for writer in writers:
        for ledger in writer.keys:
            found[ledger.key] = read_item(connection, ledger.key)
            ledger.settle(found[ledger.key])
    found[COUNTER] = read_item(connection, COUNTER)
    settle_counter(found[COUNTER], writers)

    items = {identity({"pk": {"S": key}}): item for key, item in found.items() if item}
    table = tables.settle_table(connection, TABLE)
    assert table is not None, f"the table {TABLE} is gone"
    assert table["ItemCount"] == len(items), f"{len(items)} items: {table}"

    records = read_stream(connection, table["LatestStreamArn"])
    replayed = Replay().apply_all(records).items
    assert replayed == items, difference(replayed, items)
    verify_versions(records, writers)
    return len(records)


def settle_counter(counter, writers):
    """Each writer's share is what it counted, and the total is that of the shares."""
    counter = counter or {}
    shares = 0
    for writer in writers:
        share = int(counter.get(writer.name, {"N": "0"})["N"])
        writer.counter.settle(share)
        shares += share
    total = int(counter.get("added", {"N": "0"})["N"])
    assert total == shares, f"half an update of the counter: {counter}"


def verify_versions(records, writers):
    """The stream holds each acknowledged version of each key, in order and once."""
    versions = {}
    for record in records:
        version = version_of(record["dynamodb"].get("NewImage"))
        if version is not None:
            versions.setdefault(record["dynamodb"]["Keys"]["pk"]["S"], []).append(version)
    for writer in writers:
        for ledger in writer.keys:
            found = versions.get(ledger.key, [])
            assert all(a < b for a, b in zip(found, found[1:])), f"{ledger.key}: {found}"
            missing = set(ledger.acknowledged_versions) - set(found)
            assert not missing, f"{ledger.key}: no records of the versions {sorted(missing)}"
            assert not found or found[-1] <= ledger.version, f"{ledger.key}: {found[-1]}"


def difference(replayed, items):
    for key in {**replayed, **items}:
        if replayed.get(key) != items.get(key):
            return (f"replaying the stream gives {replayed.get(key)} for {key}, "
                    f"but the item is {items.get(key)}")
    return "no difference"
