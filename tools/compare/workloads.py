"""The workloads of `millrace bench`, by the names they have in the results."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Workload:
    title: str
    bench: str                # of --workload
    table: str = "plain"      # a kind of TABLES
    entries: int = 1          # items that a request reads or writes
    entry_count: str = ""     # the report's count of them, where it depends
    writes: bool = False
    lacking: tuple = ()       # servers that have no such operation
    connections: int = 32     # in main


# How `millrace bench` makes and loads a table of the kind, and what it must be told afterwards.
TABLES = {
    "plain": ("get", ()),
    "query": ("query", ()),
    "index": ("get", ("--index",)),
    "stream": ("get", ("--stream", "NEW_AND_OLD_IMAGES")),
    "records": ("records", ()),
}

WORKLOADS = {
    "get": Workload("GetItem", "get"),
    "put": Workload("PutItem", "put", writes=True),
    "counter": Workload("UpdateItem, a counter", "counter", writes=True),
    "conditional": Workload("PutItem under a condition", "conditional", writes=True),
    "query": Workload("Query of 100", "query", table="query", entries=100),
    "scan": Workload("Scan, pages of 1 MB", "scan", entry_count="items_read"),
    "batch": Workload("BatchWriteItem of 25", "batch", entries=25, writes=True),
    "batch-get": Workload("BatchGetItem of 100", "batch-get", entries=100),
    "transact": Workload("TransactWriteItems of 4", "transact", entries=4, writes=True,
                         lacking=("dynalite",)),
    "index": Workload("PutItem with a global index", "put", table="index", writes=True),
    "stream": Workload("PutItem with a stream", "put", table="stream", writes=True,
                       lacking=("dynalite",)),
    "records": Workload("GetRecords, 4 readers of a shard", "records", table="records",
                        entry_count="records", lacking=("dynalite",), connections=4),
}
