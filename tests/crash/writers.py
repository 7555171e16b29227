"""Threads that write and keep a ledger until the server goes away."""

import http.client
import threading

from connection import Connection
from ledger import CounterLedger, KeyLedger, make_item

TABLE = "ledger"
COUNTER = "counter"
KEYS_PER_WRITER = 8
GONE = (OSError, http.client.HTTPException)


class Writer:
    """Writes its own items and adds to the shared counter. Outlives the server's process."""

    def __init__(self, name, random, kill_now):
        """`kill_now`: an event after which the next acknowledgement kills the server."""
        self.name = name
        self.random = random
        self.kill_now = kill_now
        self.clear()

    def clear(self):
        """For a table that is made again."""
        self.keys = [KeyLedger(f"{self.name}-{i}") for i in range(KEYS_PER_WRITER)]
        self.counter = CounterLedger(self.name)

    def run(self, server):
        """Until the server is gone; the number of writes that were acknowledged."""
        connection = Connection(server.host, server.port)
        acknowledged = 0
        try:
            while True:
                if self.random.random() < 0.2:
                    self.count(connection)
                else:
                    self.write(connection, self.random.choice(self.keys))
                acknowledged += 1
                if self.kill_now.is_set():
                    server.process.kill()
        except GONE:
            return acknowledged
        finally:
            connection.close()

    def count(self, connection):
        self.counter.under_way = 1
        connection.ok("UpdateItem", {
            "TableName": TABLE, "Key": {"pk": {"S": COUNTER}},
            "UpdateExpression": f"ADD added :one, {self.name} :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}}})
        self.counter.acknowledged += 1
        self.counter.under_way = 0

    def write(self, connection, ledger):
        chance = self.random.random()
        if ledger.item is None or chance < 0.4:
            self.put(connection, ledger)
        elif chance < 0.9:
            self.update(connection, ledger)
        else:
            ledger.begin(None)
            connection.ok("DeleteItem", {"TableName": TABLE, "Key": {"pk": {"S": ledger.key}}})
        ledger.acknowledge()

    def put(self, connection, ledger):
        ledger.version += 1
        padding = self.random.choice((0, 10, 200, 200, 3000))
        ledger.begin(make_item(ledger.key, ledger.version, padding))
        connection.ok("PutItem", {"TableName": TABLE, "Item": ledger.pending[0]})

    def update(self, connection, ledger):
        before = ledger.item
        ledger.version += 1
        after = make_item(ledger.key, ledger.version, len(before["padding"]["S"]))
        ledger.begin(after)
        connection.ok("UpdateItem", {
            "TableName": TABLE, "Key": {"pk": {"S": ledger.key}},
            "ConditionExpression": "version = :before",
            "UpdateExpression": ("SET version = :new, #text = :text, numbers[0] = :new, "
                                 "#inner.version = :new"),
            "ExpressionAttributeNames": {"#text": "text", "#inner": "inner"},
            "ExpressionAttributeValues": {":before": before["version"], ":new": after["version"],
                                          ":text": after["text"]}})


class WriterThread(threading.Thread):
    """Runs a writer; `failure` is what went wrong beside the server's end."""

    def __init__(self, writer, server):
        super().__init__(daemon=True)
        self.writer = writer
        self.server = server
        self.acknowledged = 0
        self.failure = None
        self.start()

    def run(self):
        try:
            self.acknowledged = self.writer.run(self.server)
        except Exception as error:  # told by the thread that joins this one
            self.failure = error
