"""The tables of a model run, and what happens to them between the items' operations."""

import indexed_operations
import tables as server_tables
from reference import Table

VIEW_TYPES = ("NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY")
TABLES = {  # name: keys, view type at first
    "both-images": ((("pk", "S"),), "NEW_AND_OLD_IMAGES"),
    "new-image": ((("pk", "N"), ("sk", "B")), "NEW_IMAGE"),
    "old-image": ((("pk", "B"), ("sk", "S")), "OLD_IMAGE"),
    "keys-only": ((("pk", "S"), ("sk", "N")), "KEYS_ONLY"),
    "no-stream": ((("pk", "N"),), None),
    "indexed": ((("pk", "S"), ("sk", "N")), "NEW_AND_OLD_IMAGES"),
}
PARTITIONS_MAX = 8


def create_tables(connection):
    return [create_table(connection, Table(name, keys), view_type)
            for name, (keys, view_type) in TABLES.items()]


def create_table(connection, table, view_type):
    more = indexed_operations.definitions() if table.indexed else {}
    description = server_tables.create_table(connection, table.name, table.keys, view_type, **more)
    table.partitions = 1
    if view_type:
        table.enable_stream(description["LatestStreamArn"], view_type)
    return table


def split(connection, table):
    if 2 * table.partitions <= PARTITIONS_MAX:
        answer = connection.ok("SplitTable", {"TableName": table.name})
        table.partitions *= 2
        assert answer["PartitionCount"] == table.partitions, answer


def toggle_stream(connection, table, random):
    if table.stream:
        server_tables.set_stream(connection, table.name, None)
        table.disable_stream()
        return
    view_type = random.choice(VIEW_TYPES)
    description = server_tables.set_stream(connection, table.name, view_type)
    arn = description["LatestStreamArn"]
    assert arn not in [stream.arn for stream in table.streams], f"{arn} is not new"
    table.enable_stream(arn, view_type)


def make_again(connection, table, random):
    """Deletes the table and creates it; its streams stay readable."""
    server_tables.delete_table(connection, table.name)
    table.items.clear()
    table.disable_stream()
    create_table(connection, table, random.choice((None, *VIEW_TYPES)))
