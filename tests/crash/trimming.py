"""A table whose stream keeps its records for seconds: those that are younger survive, in order."""

import time

import tables
from connection import Connection, Refused, error_of
from streams import read_stream
from writers import GONE

NAME = "trimmed"
KEYS = ("a", "b", "c", "d")
RETENTION_SECONDS = 3
CLOCK_SECONDS = 0.01  # by which the server's clock may differ from ours, which is the same
READS_MAX = 20


def create_table(connection):
    tables.create_table(connection, NAME, [("pk", "S")], "NEW_IMAGE")


class TrimmedWriter:
    """The one writer of the table."""

    def __init__(self, random):
        self.random = random
        self.version = 0
        self.puts = {key: [] for key in KEYS}  # (version, begin) of the acknowledged ones, in order
        self.pending = None  # key, version and begin of the put under way
        self.trimmed = 0  # versions that were seen to be gone

    def run(self, server):
        connection = Connection(server.host, server.port)
        acknowledged = 0
        try:
            while True:
                self.put(connection)
                acknowledged += 1
                time.sleep(self.random.random() * 0.02)
        except GONE:
            return acknowledged
        finally:
            connection.close()

    def put(self, connection):
        self.version += 1
        self.pending = self.random.choice(KEYS), self.version, time.time()
        connection.ok("PutItem", {"TableName": NAME, "Item": {
            "pk": {"S": self.pending[0]}, "version": {"N": str(self.version)}}})
        self.acknowledge()

    def acknowledge(self):
        key, version, begin = self.pending
        self.puts[key].append((version, begin))
        self.pending = None

    def settle(self, connection):
        found = {key: read_version(connection, key) for key in KEYS}
        if self.pending and found[self.pending[0]] == self.pending[1]:
            self.acknowledge()
        self.pending = None
        for key, puts in self.puts.items():
            expected = puts[-1][0] if puts else None
            assert found[key] == expected, f"{NAME} {key}: expected {expected}, found {found[key]}"
        table = tables.settle_table(connection, NAME)
        self.verify(read_remaining(connection, table["LatestStreamArn"]), time.time())

    def verify(self, records, read_at):
        """What was put within the retention is there; what is there was put, once, in order."""
        found = {key: [] for key in KEYS}
        for record in records:
            image = record["dynamodb"]["NewImage"]
            found[image["pk"]["S"]].append(int(image["version"]["N"]))
        for key, puts in self.puts.items():
            versions = [version for version, _ in puts]
            assert found[key] == [v for v in versions if v in set(found[key])], (
                f"{NAME} {key}: {found[key]} are not in the order of {versions}")
            young = {v for v, begin in puts
                     if begin > read_at - RETENTION_SECONDS + CLOCK_SECONDS}
            missing = young - set(found[key])
            assert not missing, f"{NAME} {key}: trimmed too early: {sorted(missing)} of {puts}"
            self.trimmed += len(versions) - len(found[key])
            self.puts[key] = [put for put in puts if put[0] in set(found[key])] or puts[-1:]


def read_version(connection, key):
    item = connection.ok("GetItem", {"TableName": NAME, "Key": {"pk": {"S": key}}}).get("Item")
    return int(item["version"]["N"]) if item else None


def read_remaining(connection, arn):
    """All records, read again if some were trimmed under the reader."""
    for _ in range(READS_MAX):
        try:
            return read_stream(connection, arn)
        except Refused as refused:
            gone = ("TrimmedDataAccessException", "ResourceNotFoundException")
            if error_of(refused.answer)[0] not in gone:
                raise
    raise AssertionError(f"trimmed {READS_MAX} times while it was read: {arn}")
