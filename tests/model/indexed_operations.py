"""Random writes on a table with indexes, by every write path, and what its indexes must then hold."""

from comparable import comparable_item
from operations import Mismatch
from replay import identity
from values import normalised_item

INDEXES = {  # name: global, key attributes, projected attributes (None: all)
    "local": (False, ("pk", "gs"), ("gk",)),
    "global": (True, ("gk", "gs"), None),
    "keys": (True, ("gk",), ()),
    "many": (True, ("gk", "pk", "gs", "sk"), ()),
}
TYPES = {"pk": "S", "sk": "N", "gk": "S", "gs": "N"}
MULTI = {"many": 2}  # how many of the keys are partition keys, where it is not one


def definitions():
    """What CreateTable says of them."""
    def described(name):
        _, keys, projected = INDEXES[name]
        partition_keys = MULTI.get(name, 1)
        projection = {"ProjectionType": "ALL"} if projected is None else (
            {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(projected)} if projected else
            {"ProjectionType": "KEYS_ONLY"})
        return {"IndexName": name, "Projection": projection,
                "KeySchema": [{"AttributeName": key,
                               "KeyType": "HASH" if place < partition_keys else "RANGE"}
                              for place, key in enumerate(keys)]}

    return {"AttributeDefinitions": [{"AttributeName": n, "AttributeType": t}
                                     for n, t in TYPES.items()],
            "LocalSecondaryIndexes": [described(n) for n in INDEXES if not INDEXES[n][0]],
            "GlobalSecondaryIndexes": [described(n) for n in INDEXES if INDEXES[n][0]]}


class IndexedOperations:
    def __init__(self, random):
        self.random = random

    def key(self):
        return {"pk": {"S": self.random.choice("abc")}, "sk": {"N": str(self.random.randint(0, 9))}}

    def item(self):
        item = self.key()
        if self.random.random() < 0.7:
            item["gk"] = {"S": self.random.choice(("x", "y", "x\u0000", "xy"))}
        if self.random.random() < 0.7:
            item["gs"] = {"N": str(self.random.randint(-3, 3))}
        if self.random.random() < 0.5:
            item["rest"] = {"S": "r" * self.random.randint(0, 40)}
        return item

    def run(self, connection, table):
        operation, request, changes = self.random.choice(
            (self.put, self.delete, self.update, self.batch, self.transact, self.cancelled))(table)
        status, answer = connection.call(operation, request)
        if (status == 200) != (changes is not None):
            raise Mismatch(f"{operation} {request}: {status} {answer}")
        for key, new in changes or ():
            table.write(key, new)

    def put(self, table):
        item = self.item()
        return "PutItem", {"TableName": table.name, "Item": item}, [(item, item)]

    def delete(self, table):
        key = self.key()
        return "DeleteItem", {"TableName": table.name, "Key": key}, [(key, None)]

    def update(self, table):
        key, attribute = self.key(), self.random.choice(("gk", "gs"))
        new = {**(table.item(key) or key)}
        request = {"TableName": table.name, "Key": key}
        if self.random.random() < 0.4:
            request["UpdateExpression"] = f"REMOVE {attribute}"
            new.pop(attribute, None)
            return "UpdateItem", request, [(key, new)] if table.item(key) else []
        new[attribute] = {"S": "z"} if attribute == "gk" else {"N": "7.5"}
        request["UpdateExpression"] = f"SET {attribute} = :v"
        request["ExpressionAttributeValues"] = {":v": new[attribute]}
        return "UpdateItem", request, [(key, new)]

    def distinct(self):
        """Items of different keys."""
        items = {identity(normalised_item({n: i[n] for n in ("pk", "sk")})): i
                 for i in (self.item() for _ in range(self.random.randint(1, 6)))}
        return list(items.values())

    def batch(self, table):
        requests, changes = [], []
        for item in self.distinct():
            if self.random.random() < 0.7:
                requests.append({"PutRequest": {"Item": item}})
                changes.append((item, item))
            else:
                key = {name: item[name] for name in ("pk", "sk")}
                requests.append({"DeleteRequest": {"Key": key}})
                changes.append((key, None))
        return "BatchWriteItem", {"RequestItems": {table.name: requests}}, changes

    def actions(self, table):
        actions, changes = [], []
        for item in self.distinct():
            key = {name: item[name] for name in ("pk", "sk")}
            if self.random.random() < 0.6:
                actions.append({"Put": {"TableName": table.name, "Item": item}})
                changes.append((item, item))
            else:
                actions.append({"Delete": {"TableName": table.name, "Key": key}})
                changes.append((key, None))
        return actions, changes

    def transact(self, table):
        actions, changes = self.actions(table)
        return "TransactWriteItems", {"TransactItems": actions}, changes

    def cancelled(self, table):
        """One of its conditions cannot hold, so nothing happens."""
        actions, _ = self.actions(table)
        refused = self.random.choice(actions)
        refused.get("Put", refused.get("Delete"))["ConditionExpression"] = (
            "attribute_exists(pk) AND attribute_not_exists(pk)")
        return "TransactWriteItems", {"TransactItems": actions}, None


def entries(table, name):
    _, keys, projected = INDEXES[name]
    for item in table.items.values():
        if any(key not in item for key in keys):
            continue
        shown = {"pk", "sk", *keys, *(projected or ())}
        yield item if projected is None else {n: v for n, v in item.items() if n in shown}


def verify_indexes(connection, table, random):
    """Scans in pages hold exactly the entries, and the description counts them."""
    description = connection.ok("DescribeTable", {"TableName": table.name})["Table"]
    counts = {index["IndexName"]: index["ItemCount"] for kind in ("Local", "Global")
              for index in description[f"{kind}SecondaryIndexes"]}
    for name in INDEXES:
        expected = list(entries(table, name))
        request = {"TableName": table.name, "IndexName": name, "Limit": random.randint(1, 9)}
        found = []
        while True:
            answer = connection.ok("Scan", request)
            found += map(comparable_item, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                break
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        assert sorted(map(identity, found)) == sorted(map(identity, expected)), (
            f"{table.name}.{name}: expected {expected}, found {found}")
        assert counts[name] == len(expected), f"{table.name}.{name}: ItemCount {counts[name]}"
