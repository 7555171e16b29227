"""Random operations on the items of one table, done by the server and by the reference."""

import copy
import json

from comparable import comparable_item
from connection import error_of
from paths import Placeholders, can_stand_together
from random_expressions import RandomExpressions
from random_values import random_attributes, random_key
from values import ITEM_BYTES_MAX, depth, item_size, normalised_item

DEPTH_MAX = 10
WORKING_ITEM_BYTES_MAX = 20_000


class Mismatch(AssertionError):
    pass


class ItemOperations:
    """`random` decides all, so that a seed gives the same operations again."""

    def __init__(self, random):
        self.random = random
        self.expressions = RandomExpressions(random)

    def run(self, connection, table):
        """One operation on `table`, a reference.Table; Mismatch when the answers differ."""
        choices = (self.put_item, self.update_item, self.delete_item, self.get_item)
        make, = self.random.choices(choices, weights=(30, 50, 8, 12))
        operation, request, apply = make(table)
        if operation is None:
            return
        before = copy.deepcopy(table.item(request.get("Key") or request["Item"]))
        expected = apply()
        status, answer = connection.call(operation, request)
        try:
            check_answer(expected, status, answer)
        except AssertionError as error:
            raise Mismatch(
                f"{error}\noperation: {operation} {json.dumps(request, ensure_ascii=False)}\n"
                f"item before: {json.dumps(before, ensure_ascii=False)}\n"
                f"answer: {status} {json.dumps(answer, ensure_ascii=False)}") from error

    def condition_of(self, request, placeholders, item):
        if self.random.random() < 0.6:
            return None
        condition = self.expressions.condition(item or {})
        request["ConditionExpression"] = condition.write(placeholders)
        if self.random.random() < 0.5:
            request["ReturnValuesOnConditionCheckFailure"] = self.random.choice(("NONE", "ALL_OLD"))
        return condition

    def return_values_of(self, request, choices):
        if self.random.random() < 0.6:
            request["ReturnValues"] = self.random.choice(choices)

    def put_item(self, table):
        random = self.random
        request = {"TableName": table.name,
                   "Item": {**random_key(random, table.keys), **random_attributes(random)}}
        old = table.item(request["Item"])
        if old and random.random() < 0.15:
            request["Item"] = old  # changes nothing
        elif random.random() < 0.004:
            self.fill_up(request["Item"])
        placeholders = Placeholders(random)
        condition = self.condition_of(request, placeholders, old)
        self.return_values_of(request, ("NONE", "ALL_OLD"))
        placeholders.add_to(request)
        return "PutItem", request, lambda: table.put_item(request, condition)

    def fill_up(self, item):
        """To the greatest size that is allowed, or to one byte more."""
        rest = ITEM_BYTES_MAX - item_size(normalised_item(item)) - len("filling")
        item["filling"] = {"S": "x" * (rest + self.random.randint(0, 1))}

    def delete_item(self, table):
        request = {"TableName": table.name, "Key": random_key(self.random, table.keys)}
        placeholders = Placeholders(self.random)
        condition = self.condition_of(request, placeholders, table.item(request["Key"]))
        self.return_values_of(request, ("NONE", "ALL_OLD"))
        placeholders.add_to(request)
        return "DeleteItem", request, lambda: table.delete_item(request, condition)

    def update_item(self, table):
        random = self.random
        request = {"TableName": table.name, "Key": random_key(random, table.keys)}
        placeholders = Placeholders(random)
        item = table.item(request["Key"]) or {}
        update = self.expressions.update(item) if random.random() < 0.95 else None
        if update and self.grows_too_far(update, item):
            return None, None, None
        if update:
            request["UpdateExpression"] = update.write(placeholders)
        condition = self.condition_of(request, placeholders, item)
        self.return_values_of(request, self.return_values_for(update))
        placeholders.add_to(request)
        return "UpdateItem", request, lambda: table.update_item(request, condition, update)

    @staticmethod
    def grows_too_far(update, item):
        """Copies of copies double in size, and only fill_up() means to reach the limits."""
        after, _ = update.apply(item)
        if after is None or not after:
            return False
        levels = max(map(depth, after.values()))
        return levels > DEPTH_MAX or WORKING_ITEM_BYTES_MAX < item_size(after) > item_size(item)

    @staticmethod
    def return_values_for(update):
        every = ("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW")
        if update and any(isinstance(step, int) for path in update.paths for step in path):
            return every[:-1]  # elements move, and no source says which ones are shown then
        return every

    def get_item(self, table):
        request = {"TableName": table.name, "Key": random_key(self.random, table.keys)}
        if self.random.random() < 0.5:
            request["ConsistentRead"] = True
        paths = []
        if self.random.random() < 0.4:
            item = table.item(request["Key"]) or {}
            for _ in range(self.random.randint(1, 4)):
                path = self.expressions.path(item)
                if all(can_stand_together(path, other) for other in paths):
                    paths.append(path)
            placeholders = Placeholders(self.random)
            request["ProjectionExpression"] = ", ".join(map(placeholders.path, paths))
            placeholders.add_to(request)
        return "GetItem", request, lambda: table.get_item(request, paths)


def check_answer(expected, status, answer):
    if expected.error:
        assert status == 400, f"expected {expected.error} {expected.messages}"
        name, message = error_of(answer)
        assert name == expected.error, f"expected {expected.error}: {expected.messages}"
        assert message in expected.messages, f"expected one of {expected.messages}"
        assert comparable_item(answer.get("Item")) == expected.item, f"expected {expected.item}"
        return
    received = {name: comparable_item(value) for name, value in answer.items()}
    assert status == 200 and received == expected.body, f"expected {expected.body}"
