"""A table that is created, deleted, streamed and not streamed, with a ledger of all of that."""

import time

import tables
from connection import Connection
from streams import list_streams, read_stream
from writers import GONE

NAME = "changing"
KEYS = ("a", "b", "c")
VIEW_TYPE = "NEW_AND_OLD_IMAGES"
ENDED_STREAMS_KEPT = 5
PAUSE_SECONDS_MAX = 0.02
OPERATIONS = {"create": "CreateTable", "delete": "DeleteTable", "enable": "UpdateTable",
              "disable": "UpdateTable"}


class ChangingTable:
    """Its one writer, with what was acknowledged and the one change that may be under way."""

    def __init__(self, random):
        self.random = random
        self.exists = False
        self.arn = None  # of the stream that is enabled
        self.items = {}
        self.versions = []  # of keys, in the stream that is enabled, in order
        self.ended = {}  # ARN of a stream that ended: its versions of keys
        self.version = 0
        self.pending = None  # the change under way: its name, and key and version of a put

    def run(self, server):
        connection = Connection(server.host, server.port)
        acknowledged = 0
        try:
            while True:
                self.change(connection)
                acknowledged += 1
                time.sleep(self.random.random() * PAUSE_SECONDS_MAX)
        except GONE:
            return acknowledged
        finally:
            connection.close()

    def change(self, connection):
        if not self.exists:
            return self.change_table(connection, "create")
        if self.random.random() < 0.75:
            return self.put(connection)
        return self.change_table(connection, self.random.choice(
            ("disable", "disable", "delete") if self.arn else ("enable", "enable", "delete")))

    def put(self, connection):
        self.version += 1
        key, version = self.random.choice(KEYS), self.version
        self.pending = ("put", key, version)
        connection.ok("PutItem", {"TableName": NAME, "Item": item_of(key, version)})
        self.acknowledge_put()

    def acknowledge_put(self):
        _, key, version = self.pending
        self.items[key] = version
        if self.arn:
            self.versions.append((key, version))
        self.pending = None

    def change_table(self, connection, change):
        view_type = VIEW_TYPE if change == "enable" else None
        if change == "create":
            view_type = self.random.choice((None, VIEW_TYPE))
            request = tables.create_request(NAME, [("pk", "S")], view_type, **tables.KEPT_LONG)
        elif change == "delete":
            request = {"TableName": NAME}
        else:
            request = tables.stream_request(NAME, view_type)
        self.pending = (change,)
        answer = connection.ok(OPERATIONS[change], request)
        self.acknowledge_table(None if change == "delete" else answer["TableDescription"])
        tables.settle_table(connection, NAME)

    def acknowledge_table(self, table):
        """Takes over the table's description; None where there is no table."""
        arn = stream_of(table)
        if self.arn and arn != self.arn:
            self.ended[self.arn] = self.versions
        if arn != self.arn:
            self.arn, self.versions = arn, []
        if table is None:
            self.items = {}
        self.exists = table is not None
        self.pending = None

    def settle(self, connection):
        """After a restart: resolves what was under way, then checks all that was acknowledged."""
        table = tables.settle_table(connection, NAME)
        found = table is not None, stream_of(table) is not None
        now = self.exists, self.arn is not None
        change = self.pending[0] if self.pending else None
        if found != now:
            after = {"create": [(True, False), (True, True)], "delete": [(False, False)],
                     "enable": [(True, True)], "disable": [(True, False)]}.get(change, [])
            assert found in after, (f"table there and streamed: {now} acknowledged, {change} under "
                                    f"way, but found {found}")
            self.acknowledge_table(table)
        elif change == "put":
            key, version = self.pending[1:]
            if table and read_version(connection, key) == version:
                self.acknowledge_put()
        self.pending = None
        assert stream_of(table) == self.arn, f"expected the stream {self.arn}: {table}"
        self.verify(connection, table)

    def verify(self, connection, table):
        if table:
            for key in KEYS:
                found, expected = read_version(connection, key), self.items.get(key)
                assert found == expected, f"{NAME} {key}: expected {expected}, found {found}"
            assert table["ItemCount"] == len(self.items), f"{self.items}: {table}"
        if self.arn:
            verify_versions(connection, self.arn, self.versions)
        listed = list_streams(connection, NAME)
        for arn in (*self.ended, *filter(None, [self.arn])):
            assert arn in listed, f"{arn} is not listed"
        self.ended = dict(list(self.ended.items())[-ENDED_STREAMS_KEPT:])
        for arn, versions in self.ended.items():
            verify_versions(connection, arn, versions)


def item_of(key, version):
    return {"pk": {"S": key}, "version": {"N": str(version)}, "also": {"S": str(version)}}


def stream_of(table):
    if table is None or "StreamSpecification" not in table:
        return None
    return table["LatestStreamArn"]


def read_version(connection, key):
    item = connection.ok("GetItem", {"TableName": NAME, "Key": {"pk": {"S": key}}}).get("Item")
    if item is None:
        return None
    version = int(item["version"]["N"])
    assert item == item_of(key, version), f"half a write: {item}"
    return version


def verify_versions(connection, arn, expected):
    """Each key's versions are all there, in order. Keys may be in different shards."""
    records = read_stream(connection, arn)
    images = [record["dynamodb"]["NewImage"] for record in records]
    found = [(image["pk"]["S"], int(image["version"]["N"])) for image in images]
    for key in KEYS:
        of_key = [[version for other, version in versions if other == key]
                  for versions in (expected, found)]
        assert of_key[0] == of_key[1], (
            f"{arn} {key}: expected versions {of_key[0]}, found {of_key[1]}")
