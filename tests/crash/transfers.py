"""Transactions over two tables: after a crash each is there whole, in the streams too, or not at all."""

import uuid

import tables
from comparable import comparable_item
from connection import Connection
from replay import Replay, identity
from streams import read_stream
from writers import GONE

TABLES = ("transfers-from", "transfers-to")
POOL = "pool"  # an account in the second table that all transfers pay into


def create_tables(connection):
    for name in TABLES:
        tables.create_table(connection, name, [("pk", "S")], "NEW_AND_OLD_IMAGES",
                            **tables.KEPT_LONG)


def make_again(connection, transferrers):
    for name in TABLES:
        tables.delete_table(connection, name)
    create_tables(connection)
    for transferrer in transferrers:
        transferrer.clear()


class Transferrer:
    """Transfers from its own account in one table to its own, and to the pool, in the other."""

    def __init__(self, name, random):
        self.name = name
        self.random = random
        self.clear()

    def clear(self):
        self.acknowledged = 0  # the number of the last transfer
        self.pending = None  # the request under way

    def run(self, server):
        """Until the server is gone; the number of transfers that were acknowledged."""
        connection = Connection(server.host, server.port)
        acknowledged = 0
        try:
            while True:
                self.pending = self.request(self.acknowledged + 1)
                connection.ok("TransactWriteItems", self.pending)
                self.acknowledge()
                acknowledged += 1
        except GONE:
            return acknowledged
        finally:
            connection.close()

    def acknowledge(self):
        self.acknowledged += 1
        self.pending = None

    def request(self, number):
        amount = self.random.randint(1, 100)

        def update(table, key, signed, own):
            values = {":amount": {"N": str(signed)}, ":one": {"N": "1"}}
            action = {"TableName": table, "Key": {"pk": {"S": key}},
                      "UpdateExpression": "ADD balance :amount, transfers :one",
                      "ExpressionAttributeValues": values}
            if own:
                action["ConditionExpression"] = "attribute_not_exists(pk)"
            if own and number > 1:
                action["ConditionExpression"] = "transfers = :before"
                values[":before"] = {"N": str(number - 1)}
            return {"Update": action}

        return {"ClientRequestToken": str(uuid.UUID(int=self.random.getrandbits(128))),
                "TransactItems": [update(TABLES[0], self.name, -2 * amount, True),
                                  update(TABLES[1], self.name, amount, True),
                                  update(TABLES[1], POOL, amount, False)]}

    def settle(self, connection):
        """Of the transfer under way there is all or nothing; sent again, it is there once."""
        found = self.transfers_of_accounts(connection)
        expected = {self.acknowledged, self.acknowledged + bool(self.pending)}
        assert len(set(found)) == 1 and found[0] in expected, (
            f"{self.name}: {sorted(expected)} transfers expected, found {found}")
        if self.pending:
            connection.ok("TransactWriteItems", self.pending)
            self.acknowledge()
            found = self.transfers_of_accounts(connection)
            assert found == [self.acknowledged] * 2, f"{self.name}: sent again, found {found}"

    def transfers_of_accounts(self, connection):
        accounts = [read_account(connection, table, self.name) for table in TABLES]
        return [int(account["transfers"]["N"]) if account else 0 for account in accounts]


def settle_transferrers(connection, transferrers):
    for transferrer in transferrers:
        transferrer.settle(connection)
    total = 0
    for name in TABLES:
        items = {}
        for key in [POOL, *(transferrer.name for transferrer in transferrers)]:
            account = read_account(connection, name, key)
            if account:
                items[identity({"pk": {"S": key}})] = account
                total += int(account["balance"]["N"])
        arn = tables.settle_table(connection, name)["LatestStreamArn"]
        replayed = Replay().apply_all(read_stream(connection, arn)).items
        assert replayed == items, f"{name}: the stream gives {replayed}, the items are {items}"
    assert total == 0, f"transfers made or lost {total}"
    pool = read_account(connection, TABLES[1], POOL)
    transfers = sum(transferrer.acknowledged for transferrer in transferrers)
    assert (int(pool["transfers"]["N"]) if pool else 0) == transfers, f"{transfers}: {pool}"


def read_account(connection, table, key):
    answer = connection.ok("GetItem", {"TableName": table, "Key": {"pk": {"S": key}}})
    return comparable_item(answer.get("Item"))
