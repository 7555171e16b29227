"""Transfers between accounts of two tables, and readers of all accounts at once.

A transfer adds one to the version of each account it changes. So what readers see is of one order
of all transactions exactly when their vectors of versions form a chain in which nothing that ended
before a read began is missing, and the sum is always the same.
"""

import threading

import tables
from clients import run_clients
from connection import Connection, error_of
from splitter import Splitter

TABLES = ("accounts-left", "accounts-right")
ACCOUNTS = [(table, f"account {i}") for table in TABLES for i in range(5)]
BALANCE = 100
TRANSFERRERS = 6
READERS = 3


def key_of(account):
    return {"TableName": account[0], "Key": {"pk": {"S": account[1]}}}


def opening(account):
    return {"Put": {"TableName": account[0], "Item": {
        "pk": {"S": account[1]}, "balance": {"N": str(BALANCE)}, "version": {"N": "0"}}}}


def change(account, amount):
    action = {**key_of(account), "UpdateExpression": "ADD balance :amount, version :one",
              "ExpressionAttributeValues": {":amount": {"N": str(amount)}, ":one": {"N": "1"}}}
    if amount < 0:
        action["ConditionExpression"] = "balance >= :needed"
        action["ExpressionAttributeValues"][":needed"] = {"N": str(-amount)}
    return {"Update": action}


class Bank:
    def __init__(self):
        self.lock = threading.Lock()
        self.transfers = 0  # that have ended
        self.cancelled = 0
        self.reads = []  # (ended before it began, versions)

    def transfer(self, connection, random):
        source, target = random.sample(ACCOUNTS, 2)
        amount = random.randint(1, BALANCE)
        actions = [change(source, -amount), change(target, amount)]
        random.shuffle(actions)
        status, answer = connection.call("TransactWriteItems", {"TransactItems": actions})
        with self.lock:
            self.transfers += status == 200
            self.cancelled += status != 200
        if status != 200:
            assert error_of(answer)[0] == "TransactionCanceledException", answer
            codes = {reason["Code"] for reason in answer["CancellationReasons"]}
            assert codes == {"None", "ConditionalCheckFailed"}, answer

    def read(self, connection, _):
        with self.lock:
            ended = self.transfers
        answer = connection.ok("TransactGetItems", {
            "TransactItems": [{"Get": key_of(account)} for account in ACCOUNTS]})
        items = [response["Item"] for response in answer["Responses"]]
        total = sum(int(item["balance"]["N"]) for item in items)
        assert total == BALANCE * len(ACCOUNTS), f"{total} in all: {items}"
        assert all(int(item["balance"]["N"]) >= 0 for item in items), items
        with self.lock:
            self.reads.append((ended, tuple(int(item["version"]["N"]) for item in items)))


def transfers_are_serializable(server, random, seconds):
    connection = Connection(server.host, server.port)
    for table in TABLES:
        tables.create_table(connection, table, [("pk", "S")])
    connection.ok("TransactWriteItems", {"TransactItems": [opening(a) for a in ACCOUNTS]})
    bank = Bank()
    splitter = Splitter(TABLES)
    run_clients(server, random, seconds,
                [bank.transfer] * TRANSFERRERS + [bank.read] * READERS + [splitter.step])
    bank.read(connection, None)
    assert sum(bank.reads[-1][1]) == 2 * bank.transfers, "a transfer was lost or made twice"
    for ended, versions in bank.reads:
        assert sum(versions) >= 2 * ended, f"{ended} transfers had ended: {versions}"
    chain = sorted((versions for _, versions in bank.reads), key=sum)
    for before, after in zip(chain, chain[1:]):
        assert all(a <= b for a, b in zip(before, after)), f"no order has both {before} and {after}"
    connection.close()
    return (f"{bank.transfers} transfers, {bank.cancelled} cancelled, {len(bank.reads)} reads, "
            f"{splitter.partitions}")

