"""One run of the model test against one server."""

import copy

from connection import Connection
from indexed_operations import IndexedOperations, verify_indexes
from operations import ItemOperations
from server import Server
from table_operations import create_tables, make_again, split, toggle_stream
from verification import verify, verify_replay

# Chances of what happens beside an operation on an item.
TOGGLE = 1 / 250
MAKE_AGAIN = 1 / 1000
SPLIT = 1 / 300
RESTART = 1 / 800
VERIFY = 1 / 2000


class ModelRun:
    def __init__(self, random, arguments, restarts):
        self.random = random
        self.arguments = arguments
        self.restart_chance = RESTART if restarts else 0
        self.operations = ItemOperations(random)
        self.indexed_operations = IndexedOperations(random)
        self.done = self.records_compared = self.restarted = 0
        self.server = self.connection = None
        self.items_at_start = {}  # of each table, when its latest stream began

    def start(self):
        self.server = Server(*self.arguments)
        self.connection = Connection(self.server.host, self.server.port)

    def end(self):
        self.connection.close()
        code = self.server.stop()
        assert code == 0, f"exit code {code}:\n{self.server.stderr()}"

    def abandon(self):
        """After a failure; tells what the server said if it had ended by itself."""
        if self.server and self.server.process.poll() is not None:
            print(f"the server ended:\n{self.server.stderr()[-4000:]}")
        elif self.server:
            self.server.kill()

    def run(self, count):
        self.start()
        tables = create_tables(self.connection)
        self.items_at_start = {table.name: {} for table in tables}
        while self.done < count:
            table = self.random.choice(tables)
            operations = self.indexed_operations if table.indexed else self.operations
            operations.run(self.connection, table)
            self.done += 1
            self.perhaps_change(self.random.choice(tables))
            if self.random.random() < self.restart_chance:
                self.end()
                self.start()
                self.restarted += 1
            if self.random.random() < VERIFY:
                self.verify(tables)
        self.verify(tables)

    def perhaps_change(self, table):
        before = table.stream
        if self.random.random() < TOGGLE:
            toggle_stream(self.connection, table, self.random)
        if self.random.random() < SPLIT:
            split(self.connection, table)
        if self.random.random() < MAKE_AGAIN:
            make_again(self.connection, table, self.random)
        if table.stream is not before:
            self.items_at_start[table.name] = copy.deepcopy(table.items)

    def verify(self, tables):
        record_limit = self.random.choice((1000, 1000, 37))
        self.records_compared += verify(self.connection, tables, record_limit)
        for table in tables:
            verify_replay(self.connection, table, self.items_at_start[table.name])
            if table.indexed:
                verify_indexes(self.connection, table, self.random)
