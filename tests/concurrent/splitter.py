"""A client that splits the tables of a test while others use them."""

import time

SPLITS_MAX = 4  # of all partitions of a table, which doubles them
PAUSE_SECONDS_MAX = 0.8


class Splitter:
    def __init__(self, tables):
        self.partitions = dict.fromkeys(tables, 1)

    def step(self, connection, random):
        time.sleep(random.random() * PAUSE_SECONDS_MAX)
        name = random.choice(list(self.partitions))
        if self.partitions[name] == 2 ** SPLITS_MAX:
            return
        answer = connection.ok("SplitTable", {"TableName": name})
        self.partitions[name] *= 2
        assert answer["PartitionCount"] == self.partitions[name], answer
