"""What the function noted of its invocations, and whether it was what the rules allow."""

import collections


class Deliveries:
    """The file that the function appends a line to for each record: KEY NUMBER INVOCATION."""

    def __init__(self, path):
        self.path = path

    def lines(self):
        if not self.path.exists():
            return []
        whole = self.path.read_text().split("\n")[:-1]
        return [(key, int(number), invocation)
                for key, number, invocation in (line.split() for line in whole)]

    def highest(self):
        highest = collections.Counter()
        for key, number, _ in self.lines():
            highest[key] = max(highest[key], number)
        return highest

    def check(self, acknowledged, repeats_max):
        """`acknowledged`: the last number of each key; a number more than that may have come, too."""
        highest, repeats, seen = collections.Counter(), 0, set()
        for key, number, invocation in self.lines():
            assert number <= highest[key] + 1, (
                f"{key}: {number} came when only {highest[key]} had come ({invocation})")
            repeats += (key, number) in seen
            seen.add((key, number))
            highest[key] = max(highest[key], number)
        for key, number in acknowledged.items():
            assert highest[key] >= number, f"{key}: {number} was acknowledged, {highest[key]} came"
        assert repeats <= repeats_max, f"{repeats} records came again, {repeats_max} may"
        return len(seen), repeats
