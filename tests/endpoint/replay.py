"""Items made again from stream records."""

import json

from comparable import comparable_item


def identity(key):
    """A key as something to look up by."""
    return json.dumps(key, sort_keys=True)


class Replay:
    """Applies records of a stream that holds both images, and checks that each fits the last."""

    def __init__(self, items=()):
        self.items = dict(items)  # by identity of the key

    def apply(self, record):
        change = record["dynamodb"]
        key = identity(change["Keys"])
        old = comparable_item(change.get("OldImage"))
        new = comparable_item(change.get("NewImage"))
        expected_name = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
        assert record["eventName"] == expected_name, f"{expected_name} by its images: {record}"
        before = self.items.get(key)
        assert before == old, f"the record's old image is not the item so far, {before}: {record}"
        assert old != new, f"a record of no change: {record}"
        if new is None:
            del self.items[key]
        else:
            self.items[key] = new

    def apply_all(self, records):
        for record in records:
            self.apply(record)
        return self
