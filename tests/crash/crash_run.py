"""Rounds of writing and splitting, SIGKILL, restart and verification on one data directory."""

import subprocess
import threading
import time

import changing_table
import tables
import transfers
import trimming
from changing_table import ChangingTable
from connection import Connection
from reshaping import Reshaper
from server import BINARY, Server
from trimming import TrimmedWriter
from verification import settle_writers
from writers import TABLE, Writer, WriterThread

WRITERS = 8
TRANSFERRERS = 3
WRITERS_AT_ONCE = (2, WRITERS, WRITERS)  # few see an acknowledgement sooner, many share a commit
WRITING_SECONDS = (0.05, 1.5)
START_KILLS_MAX = 2
KILL_SECONDS_MAX = 20
START_SECONDS_MAX = 0.15
LONG_SECONDS = 5 * trimming.RETENTION_SECONDS
MAKE_AGAIN_EVERY = 5  # rounds; keeps the stream, which is read whole each round, short
SERVER_OPTIONS = ("--streams-shard-max-age-seconds", "1",
                  "--streams-retention-seconds", str(trimming.RETENTION_SECONDS))


class CrashRun:
    def __init__(self, random, data):
        self.random = random
        self.data = data
        self.kill_now = threading.Event()
        self.writers = [Writer(f"writer{i}", random.__class__(random.random()), self.kill_now)
                        for i in range(WRITERS)]
        self.changing = ChangingTable(random.__class__(random.random()))
        self.transferrers = [transfers.Transferrer(f"t{i}", random.__class__(random.random()))
                             for i in range(TRANSFERRERS)]
        self.trimmed = TrimmedWriter(random.__class__(random.random()))
        self.reshaper = Reshaper((TABLE, *transfers.TABLES, changing_table.NAME, trimming.NAME),
                                 random.__class__(random.random()))
        self.started = time.monotonic()
        self.server = None

    def start(self):
        self.server = Server("--data", self.data, *SERVER_OPTIONS)
        return Connection(self.server.host, self.server.port)

    def prepare(self):
        connection = self.start()
        create_table(connection)
        transfers.create_tables(connection)
        trimming.create_table(connection)
        connection.close()

    def round(self, number):
        """The writes acknowledged, and the stream's records."""
        if number % MAKE_AGAIN_EVERY == 0:
            self.make_again()
        writers = self.random.sample(self.writers, self.random.choice(WRITERS_AT_ONCE))
        threads = [WriterThread(writer, self.server)
                   for writer in (*writers, self.changing, *self.transferrers, self.trimmed,
                                  self.reshaper)]
        time.sleep(self.random.uniform(*WRITING_SECONDS))
        assert self.server.process.poll() is None, f"the server ended:\n{self.server.stderr()}"
        self.kill()
        for thread in threads:
            thread.join()
            if thread.failure:
                raise thread.failure
        self.kill_while_starting()
        records = self.verify(self.start())
        return sum(thread.acknowledged for thread in threads), records

    def kill(self):
        """At any moment, or as soon as a write is acknowledged that may not be on disk yet."""
        if self.random.random() < 0.5:
            self.kill_now.set()
            self.server.process.wait(KILL_SECONDS_MAX)
            self.kill_now.clear()
        self.server.kill()

    def make_again(self):
        connection = Connection(self.server.host, self.server.port)
        tables.delete_table(connection, TABLE)
        create_table(connection)
        for writer in self.writers:
            writer.clear()
        transfers.make_again(connection, self.transferrers)
        connection.close()

    def kill_while_starting(self):
        for _ in range(self.random.randint(0, START_KILLS_MAX)):
            process = subprocess.Popen([BINARY, "serve", "--data", self.data, "--listen",
                                        "127.0.0.1:0", *SERVER_OPTIONS], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(self.random.uniform(0, START_SECONDS_MAX))
            process.kill()
            process.wait()

    def verify(self, connection):
        records = settle_writers(connection, self.writers)
        self.changing.settle(connection)
        transfers.settle_transferrers(connection, self.transferrers)
        self.trimmed.settle(connection)
        connection.close()
        return records

    def end(self):
        """SIGTERM loses nothing either."""
        code = self.server.stop()
        assert code == 0, f"exit code {code}:\n{self.server.stderr()}"
        self.verify(self.start())
        self.server.stop()
        if time.monotonic() - self.started > LONG_SECONDS:
            assert self.reshaper.splits, "no partition was ever split"
            assert self.trimmed.trimmed, "no record was ever trimmed"


def create_table(connection):
    tables.create_table(connection, TABLE, [("pk", "S")], "NEW_AND_OLD_IMAGES", **tables.KEPT_LONG)
