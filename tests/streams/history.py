"""What was done to items and when, by their writers' own account."""

import dataclasses
import time


@dataclasses.dataclass
class Change:
    """`begin` and `end`, monotonic seconds, enclose the commit."""

    begin: float
    end: float
    before: dict | None
    after: dict | None


class ItemHistory:
    """Of one item, which one writer alone writes."""

    def __init__(self, key):
        self.key = key
        self.item = None
        self.changes = []  # those that changed the item, in order

    def add(self, begin, item):
        if item != self.item:
            self.changes.append(Change(begin, time.monotonic(), self.item, item))
            self.item = item


@dataclasses.dataclass
class StreamLife:
    """Pairs of monotonic seconds enclose the commits that began and ended the stream."""

    arn: str
    enabled: tuple
    disabled: tuple | None = None

    def surely_holds(self, change):
        return (change.begin >= self.enabled[1]
                and (self.disabled is None or change.end <= self.disabled[0]))

    def surely_lacks(self, change):
        return (change.end < self.enabled[0]
                or self.disabled is not None and change.begin > self.disabled[1])


def check_records(life, history, images):
    """`images`, (old, new) of the item's records in the stream, are a stretch of its history."""
    changes = history.changes
    pairs = [(change.before, change.after) for change in changes]
    count = len(images)
    starts = [start for start in range(len(pairs) - count + 1)
              if pairs[start:start + count] == images]
    good = [start for start in starts if all(
        not life.surely_lacks(change) if start <= index < start + count
        else not life.surely_holds(change) for index, change in enumerate(changes))]
    assert good, (f"{life}: the records of {history.key} are not its changes while the stream was "
                  f"enabled.\nrecords: {images}\nchanges: {changes}")
