"""What a server must hold and tell: tables with their items, streams with their records."""

from paths import project
from replay import identity
from values import ITEM_BYTES_MAX, item_size, normalised_item

TOO_BIG = {"PutItem": "Item size has exceeded the maximum allowed size",
           "UpdateItem": "Item size to update has exceeded the maximum allowed size"}


class Stream:
    def __init__(self, arn, view_type, keys):
        self.arn = arn
        self.view_type = view_type
        self.keys = keys
        self.records = []

    def append(self, key, old, new):
        shows_new = self.view_type in ("NEW_IMAGE", "NEW_AND_OLD_IMAGES")
        shows_old = self.view_type in ("OLD_IMAGE", "NEW_AND_OLD_IMAGES")
        record = {"eventName": "INSERT" if old is None else "REMOVE" if new is None else "MODIFY",
                  "StreamViewType": self.view_type, "Keys": key}
        if shows_new and new is not None:
            record["NewImage"] = new
        if shows_old and old is not None:
            record["OldImage"] = old
        images = ("Keys", "NewImage", "OldImage")
        record["SizeBytes"] = sum(item_size(record[image]) for image in images if image in record)
        self.records.append(record)


class Answer:
    """Of one operation: a body, or an error with the messages that it may have."""

    def __init__(self, body=None, error=None, messages=(), item=None):
        self.body = body if body is not None or error else {}
        self.error = error
        self.messages = messages
        self.item = item


def condition_failed(request, old):
    wanted = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
    return Answer(error="ConditionalCheckFailedException",
                  messages=("The conditional request failed",), item=old if wanted else None)


class Table:
    def __init__(self, name, keys):
        self.name = name
        self.keys = keys  # (name, type) pairs
        self.indexed = name == "indexed"
        self.items = {}  # by identity of the normalised key
        self.partitions = 1
        self.stream = None  # the one that is enabled
        self.streams = []  # all that ever were, of deleted tables too

    def enable_stream(self, arn, view_type):
        self.stream = Stream(arn, view_type, self.keys)
        self.streams.append(self.stream)

    def disable_stream(self):
        self.stream = None

    def key_of(self, item):
        return normalised_item({name: item[name] for name, _ in self.keys})

    def item(self, key):
        return self.items.get(identity(self.key_of(key)))

    def _write(self, key, old, new):
        if old == new:
            return
        if new is None:
            del self.items[identity(key)]
        else:
            self.items[identity(key)] = new
        if self.stream:
            self.stream.append(key, old, new)

    def write(self, key, new):
        """Makes `new` the item of a key, None: removes it; without conditions."""
        key = self.key_of(key)
        self._write(key, self.item(key), None if new is None else normalised_item(new))

    def put_item(self, request, condition):
        new = normalised_item(request["Item"])
        old = self.item(new)
        if item_size(new) > ITEM_BYTES_MAX:
            return Answer(error="ValidationException", messages=(TOO_BIG["PutItem"],))
        if condition and not condition.holds(old or {}):
            return condition_failed(request, old)
        self._write(self.key_of(new), old, new)
        return self._old_if_wanted(request, old)

    def delete_item(self, request, condition):
        old = self.item(request["Key"])
        if condition and not condition.holds(old or {}):
            return condition_failed(request, old)
        self._write(self.key_of(request["Key"]), old, None)
        return self._old_if_wanted(request, old)

    @staticmethod
    def _old_if_wanted(request, old):
        wanted = request.get("ReturnValues") == "ALL_OLD" and old is not None
        return Answer({"Attributes": old} if wanted else {})

    def update_item(self, request, condition, update):
        old, key = self.item(request["Key"]), self.key_of(request["Key"])
        if condition and not condition.holds(old or {}):
            return condition_failed(request, old)
        if old is None and update and not update.makes_items:
            return Answer({})
        new, errors = update.apply(old or key) if update else (old or key, ())
        if errors:
            return Answer(error="ValidationException", messages=errors)
        if item_size(new) > ITEM_BYTES_MAX:
            return Answer(error="ValidationException", messages=(TOO_BIG["UpdateItem"],))
        self._write(key, old, new)
        shown = {"ALL_OLD": old, "UPDATED_OLD": old, "ALL_NEW": new, "UPDATED_NEW": new}.get(
            request.get("ReturnValues"))
        if shown is not None and request["ReturnValues"].startswith("UPDATED"):
            shown = project(shown, update.paths if update else [])
        return Answer({"Attributes": shown} if shown else {})

    def get_item(self, request, paths):
        item = self.item(request["Key"])
        if item is None:
            return Answer({})
        return Answer({"Item": project(item, paths) if paths else item})
