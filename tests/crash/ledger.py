"""What writers know of their items: the last acknowledged state, and the write under way if any."""

PADDING = "x" * 3000


def make_item(key, version, padding):
    """Attributes that agree on the version, so that half a write shows."""
    number = {"N": str(version)}
    return {"pk": {"S": key}, "version": number, "text": {"S": f"version {version}"},
            "numbers": {"L": [number, {"S": "stays"}]}, "inner": {"M": {"version": number}},
            "padding": {"S": PADDING[:padding]}}


def version_of(item):
    return int(item["version"]["N"]) if item and "version" in item else None


class KeyLedger:
    """One item, which one writer alone writes."""

    def __init__(self, key):
        self.key = key
        self.item = None
        self.version = 0
        self.acknowledged_versions = []  # those that the stream must hold
        self.pending = []  # the state after the write under way

    def begin(self, item):
        self.pending = [item]

    def acknowledge(self):
        self.item, = self.pending
        self.pending = []
        if self.item:
            self.acknowledged_versions.append(version_of(self.item))

    def settle(self, found):
        """Takes what is there after a restart as the truth, if it may be."""
        states = [self.item, *self.pending]
        assert found in states, (f"{self.key}: the last acknowledged state, and the one under way "
                                 f"if any, are {states}, but there is {found}")
        self.item = found
        self.pending = []


class CounterLedger:
    """What one writer added to a counter that all writers share."""

    def __init__(self, name):
        self.name = name
        self.acknowledged = 0
        self.under_way = 0

    def settle(self, found):
        low, high = self.acknowledged, self.acknowledged + self.under_way
        assert low <= found <= high, f"{self.name}: {found} is not in {low}..{high}"
        self.acknowledged, self.under_way = found, 0
