"""Threads that write their own items in every way, and keep their histories."""

import threading
import time

from comparable import comparable_item
from connection import error_of
from history import Change, ItemHistory
from home import GONE
from items import COUNTER, NAME, make_item, make_key, same_by_value

PARTITIONS, ITEMS_PER_PARTITION = 3, 3
PAUSE_SECONDS_MAX = 0.012


class Writer(threading.Thread):
    """`failure` is what went wrong beside the ends of the server."""

    def __init__(self, number, random, home):
        super().__init__(daemon=True)
        self.name = f"writer{number}"
        self.random, self.home = random, home
        self.histories = [ItemHistory(make_key(f"{self.name} {partition}", sort))
                          for partition in range(PARTITIONS)
                          for sort in range(ITEMS_PER_PARTITION)]
        self.version = self.counted = 0
        self.expiring_put = 0
        self.expiring = []  # acknowledged puts of items whose time has passed
        self.connection = None
        self.failure = None

    def run(self):
        try:
            self.connection = self.home.connect()
            while not self.home.rest.is_set() and not self.home.over.is_set():
                self.random.choices(list(WAYS), WAYS.values())[0](self)
                time.sleep(self.random.random() * PAUSE_SECONDS_MAX)
        except Exception as error:  # told by the thread that joins this one
            self.failure = error
            self.home.over.set()

    def next_item(self, key):
        self.version += 1
        return make_item(self.random, key, self.version)

    def read(self, key):
        """The item, however often the server goes away."""
        while True:
            try:
                answer = self.connection.ok("GetItem", {"TableName": NAME, "Key": key,
                                                        "ConsistentRead": True})
                return comparable_item(answer.get("Item"))
            except GONE:
                self.connection = self.home.connect()

    def write(self, operation, request, items, together=True, refusal=None):
        """Sends a request after which `items`, (history, item or None), are there.

        `together`: all or none of them, should the server go away before it answers. `refusal`: the
        error that it must answer with, having changed nothing.
        """
        begin = time.monotonic()
        try:
            status, answer = self.connection.call(operation, request)
        except GONE:
            self.connection = self.home.connect()
            return self.settle(begin, items, together, refusal)
        if refusal:
            assert (status, error_of(answer)[0]) == (400, refusal), f"{request}: {answer}"
            return False
        assert status == 200 and not answer.get("UnprocessedItems"), f"{request}: {answer}"
        for history, item in items:
            history.add(begin, item)
        return True

    def settle(self, begin, items, together, refusal):
        """Takes what is there after the server went away as the truth, if it may be."""
        found = [self.read(history.key) for history, _ in items]
        done = set()
        for (history, item), there in zip(items, found):
            assert there in (history.item, item), (
                f"{history.key}: neither {history.item} nor {item} but {there}")
            if item != history.item:
                done.add(there == item)
        assert not (together and len(done) > 1), f"half of a transaction is there: {items}"
        assert not (refusal and True in done), f"what had to be refused is there: {items}"
        for (history, _), there in zip(items, found):
            history.add(begin, there)
        return None

    def put(self):
        history = self.random.choice(self.histories)
        item = self.next_item(history.key)
        self.write("PutItem", {"TableName": NAME, "Item": item}, [(history, item)])

    def put_same(self):
        history = self.random.choice(self.histories)
        if history.item:
            item = self.random.choice((history.item, same_by_value(history.item)))
            self.write("PutItem", {"TableName": NAME, "Item": item}, [(history, history.item)])

    def put_refused(self):
        history = self.random.choice(self.histories)
        self.write("PutItem", {"TableName": NAME, "Item": self.next_item(history.key),
                               "ConditionExpression": "attribute_exists(absent)"},
                   [(history, history.item)], refusal="ConditionalCheckFailedException")

    def update(self):
        """An UpdateItem that inserts, changes, or changes nothing."""
        history = self.random.choice(self.histories)
        nothing = self.random.random() < 0.25
        if history.item and nothing:
            update = self.random.choice(("REMOVE absent", "SET #text = #text"))
            names = {"#text": "text"} if "#text" in update else {}
            request = {"UpdateExpression": update}
            item = history.item
        else:
            item = self.next_item(history.key)
            del item["list"], item["set"]
            item = {**(history.item or {}), **item}
            values = {f":{name}": item[name] for name in ("version", "text", "group")
                      if name in item}
            names = {f"#{name[1:]}": name[1:] for name in values}
            request = {"UpdateExpression": "SET " + ", ".join(
                f"#{name[1:]} = {name}" for name in values), "ExpressionAttributeValues": values}
        if names:
            request["ExpressionAttributeNames"] = names
        self.write("UpdateItem", {"TableName": NAME, "Key": history.key, **request},
                   [(history, item)])

    def delete(self):
        history = self.random.choice(self.histories)
        self.write("DeleteItem", {"TableName": NAME, "Key": history.key}, [(history, None)])

    def batch(self):
        histories = self.random.sample(self.histories, self.random.randint(2, 6))
        items = [(history, self.next_item(history.key) if self.random.random() < 0.7 else None)
                 for history in histories]
        requests = [{"PutRequest": {"Item": item}} if item
                    else {"DeleteRequest": {"Key": history.key}} for history, item in items]
        self.write("BatchWriteItem", {"RequestItems": {NAME: requests}}, items, together=False)

    def transact(self, cancelled=False):
        histories = self.random.sample(self.histories, self.random.randint(2, 6))
        items, actions = [], []
        for history in histories:
            kind = self.random.choice(("Put", "Put", "Delete", "ConditionCheck"))
            item = {"Put": self.next_item(history.key), "Delete": None}.get(kind, history.item)
            action = {"TableName": NAME, **({"Item": item} if kind == "Put"
                                            else {"Key": history.key})}
            exists = "attribute_exists(pk)" if history.item else "attribute_not_exists(pk)"
            if kind == "ConditionCheck" or self.random.random() < 0.3:
                action["ConditionExpression"] = exists
            actions.append({kind: action})
            items.append((history, item))
        if cancelled:
            action, = self.random.choice(actions).values()
            action["ConditionExpression"] = "attribute_exists(absent)"
            items = [(history, history.item) for history in histories]
        self.write("TransactWriteItems", {"TransactItems": actions}, items,
                   refusal="TransactionCanceledException" if cancelled else None)

    def transact_cancelled(self):
        self.transact(cancelled=True)

    def count(self):
        """Adds to the item that all writers share."""
        while self.write("UpdateItem", {
                "TableName": NAME, "Key": COUNTER,
                "UpdateExpression": f"ADD added :one, {self.name} :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}}}, []) is None:
            found = self.read(COUNTER)
            share = int((found or {}).get(self.name, {"N": "0"})["N"])
            assert share in (self.counted, self.counted + 1), f"{self.counted}: {found}"
            if share > self.counted:
                break
        self.counted += 1

    def put_expiring(self):
        self.expiring_put += 1
        item = {**make_key(f"expiring {self.name}", self.expiring_put),
                "until": {"N": str(int(time.time()) - 10)}}
        begin = time.monotonic()
        if self.write("PutItem", {"TableName": NAME, "Item": item}, []):
            self.expiring.append(Change(begin, time.monotonic(), None, item))

    def look(self):
        """Reads agree with the histories."""
        history = self.random.choice(self.histories)
        found = self.read(history.key)
        assert found == history.item, f"{history.key}: expected {history.item}, found {found}"


WAYS = {Writer.put: 10, Writer.put_same: 3, Writer.put_refused: 2, Writer.update: 10,
        Writer.delete: 4, Writer.batch: 4, Writer.transact: 4, Writer.transact_cancelled: 1,
        Writer.count: 6, Writer.put_expiring: 1, Writer.look: 3}
