"""Items as registers: each write has a value of its own, and each read tells one.

The history of a register with distinct values is linearizable exactly when (Gibbons and Korach,
"Testing shared memories", 1997): no read ends before its write begins; and, with a value's zone the
time between the first end and the last begin of its operations, no two zones that run forward
overlap, and none that runs backward lies within one that runs forward.
"""

import itertools
import threading
import time

import tables
from clients import run_clients
from connection import Connection
from splitter import Splitter

TABLES = ("registers-left", "registers-right")
REGISTERS = [(table, name) for table in TABLES for name in ("a", "b")]
FIRST = 0


class History:
    """Operations on one register: (value, begin, end, is_write)."""

    def __init__(self):
        self.operations = [(FIRST, -1.0, -1.0, True)]

    def problem(self):
        """Why no order explains the history; None when one does."""
        values = {}
        for value, begin, end, is_write in self.operations:
            values.setdefault(value, []).append((begin, end, is_write))
        forward, backward = [], []
        for value, operations in values.items():
            writes = [operation for operation in operations if operation[2]]
            if len(writes) != 1:
                return f"{value} was read but never written"
            if any(end < writes[0][0] for _, end, _ in operations):
                return f"{value} was read before it was written"
            first_end = min(end for _, end, _ in operations)
            last_begin = max(begin for begin, _, _ in operations)
            if first_end < last_begin:
                forward.append((first_end, last_begin, value))
            else:
                backward.append((last_begin, first_end, value))
        forward.sort()
        for one, other in zip(forward, forward[1:]):
            if other[0] < one[1]:
                return f"{one[2]} and {other[2]} were each there before and after the other"
        for begin, end, value in backward:
            for low, high, other in forward:
                if low < begin and end < high:
                    return f"{value} was there while {other} was"
        return None


class Registers:
    def __init__(self):
        self.histories = {register: History() for register in REGISTERS}
        self.lock = threading.Lock()
        self.values = itertools.count(1)

    def step(self, connection, random):
        kind = random.choice(("read", "read", "read all", "put", "update", "transact"))
        count = {"read all": len(REGISTERS), "transact": 2}.get(kind, 1)
        registers = random.sample(REGISTERS, count)
        values = [next(self.values) for _ in registers]
        begin = time.monotonic()
        told = getattr(self, kind.replace(" ", "_"))(connection, registers, values)
        end = time.monotonic()
        with self.lock:
            for register, value in zip(registers, told or values):
                self.histories[register].operations.append((value, begin, end, told is None))

    @staticmethod
    def key(register):
        return {"TableName": register[0], "Key": {"pk": {"S": register[1]}}}

    def read(self, connection, registers, _):
        item = connection.ok("GetItem", {**self.key(registers[0]), "ConsistentRead": True})
        return [value_of(item)]

    def read_all(self, connection, registers, _):
        answer = connection.ok("TransactGetItems", {
            "TransactItems": [{"Get": self.key(register)} for register in registers]})
        return [value_of(response) for response in answer["Responses"]]

    def put(self, connection, registers, values):
        connection.ok("PutItem", self.put_of(registers[0], values[0]))

    def update(self, connection, registers, values):
        connection.ok("UpdateItem", {
            **self.key(registers[0]), "UpdateExpression": "SET content = :v",
            "ExpressionAttributeValues": {":v": {"N": str(values[0])}}})

    def transact(self, connection, registers, values):
        connection.ok("TransactWriteItems", {"TransactItems": [
            {"Put": self.put_of(register, value)} for register, value in zip(registers, values)]})

    @staticmethod
    def put_of(register, value):
        return {"TableName": register[0],
                "Item": {"pk": {"S": register[1]}, "content": {"N": str(value)}}}


def value_of(answer):
    item = answer.get("Item")
    return int(item["content"]["N"]) if item else FIRST


def items_are_linearizable(server, random, seconds):
    connection = Connection(server.host, server.port)
    for table in TABLES:
        tables.create_table(connection, table, [("pk", "S")])
    connection.close()
    registers = Registers()
    splitter = Splitter(TABLES)
    run_clients(server, random, seconds, [registers.step] * 8 + [splitter.step])
    for register, history in registers.histories.items():
        problem = history.problem()
        assert problem is None, f"{register}: {problem}"
    count = sum(len(history.operations) for history in registers.histories.values())
    return f"{count} operations, {splitter.partitions}"


def checker_tells_good_from_bad(*_):
    """Histories by hand: (value, begin, end, is_write), after the first value."""
    good = [
        [(1, 0, 1, True), (1, 2, 3, False)],
        [(1, 0, 5, True), (0, 1, 2, False), (1, 3, 4, False)],
        [(1, 0, 9, True), (2, 0, 9, True), (2, 1, 2, False), (1, 3, 4, False)],
    ]
    bad = [
        [(1, 0, 1, True), (0, 2, 3, False)],
        [(1, 2, 3, True), (1, 0, 1, False)],
        [(1, 0, 9, True), (1, 1, 2, False), (0, 3, 4, False)],
        [(1, 0, 1, True), (2, 2, 3, True), (1, 4, 5, False)],
        [(3, 0, 1, False)],
        [(1, 0, 9, True), (2, 0, 9, True), (2, 1, 2, False), (1, 3, 4, False), (2, 5, 6, False)],
    ]
    for expected, histories in ((True, good), (False, bad)):
        for operations in histories:
            history = History()
            history.operations += operations
            problem = history.problem()
            assert (problem is None) == expected, f"{operations}: {problem}"
    return f"{len(good) + len(bad)} histories"
