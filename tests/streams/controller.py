"""What happens to the table and the server during a run."""

import threading
import time

import tables
from connection import error_of
from history import StreamLife
from home import GONE
from items import NAME, VIEW_TYPE
from lineage import children_of, is_closed
from streams import describe_stream

PARTITIONS = (2, 8)  # at most, when the run begins and when it ends
SHARD_AGES = (1, 1, 2, 4)
PAUSE_SECONDS = (0.05, 1.2)
KILL_SECONDS_MAX = 0.03


class Controller:
    def __init__(self, random, home):
        self.random, self.home = random, home
        self.lives = []  # of the table's streams, in order
        self.partitions = 1
        self.partitions_max = 1
        self.happened = {}
        self.connection = None

    def run(self, seconds):
        begin = time.monotonic()
        while (part := (time.monotonic() - begin) / seconds) < 1:
            self.partitions_max = round(PARTITIONS[0] + part * (PARTITIONS[1] - PARTITIONS[0]))
            if self.home.over.wait(self.random.uniform(*PAUSE_SECONDS)):
                return
            event = self.random.choices(list(EVENTS), EVENTS.values())[0]
            self.happened[event.__name__] = self.happened.get(event.__name__, 0) + 1
            event(self)

    @property
    def life(self):
        """Of the stream that is enabled; None where there is none."""
        return self.lives[-1] if self.lives and not self.lives[-1].disabled else None

    def observe(self, begin):
        """Takes note of what became of a change of the stream that began at `begin`."""
        table = tables.settle_table(self.connection, NAME)
        arn = table["LatestStreamArn"] if "StreamSpecification" in table else None
        span = begin, time.monotonic()
        if self.life and self.life.arn != arn:
            self.life.disabled = span
        if arn and not self.life:
            assert arn not in [life.arn for life in self.lives], f"enabled again: {arn}"
            self.lives.append(StreamLife(arn, span))

    def toggle(self):
        self.change_stream()
        if self.life:
            shards = describe_stream(self.connection, self.life.arn)["Shards"]
            roots = [shard for shard in shards if "ParentShardId" not in shard]
            assert len(roots) == self.partitions, f"{self.partitions} partitions: {shards}"

    def change_stream(self):
        begin = time.monotonic()
        request = tables.stream_request(NAME, None if self.life else VIEW_TYPE)
        answer = self.connection.ok("UpdateTable", request)["TableDescription"]
        assert ("StreamSpecification" in answer) != bool(self.life), answer
        self.observe(begin)

    def split(self):
        """One open shard, or all of them."""
        shards = describe_stream(self.connection, self.life.arn)["Shards"] if self.life else []
        free = [shard["ShardId"] for shard in shards if not is_closed(shard)]
        if self.partitions + 1 > self.partitions_max:
            return
        if free and (2 * self.partitions > self.partitions_max or self.random.random() < 0.7):
            self.split_shard(self.random.choice(free))
        elif 2 * self.partitions <= self.partitions_max:
            answer = self.connection.ok("SplitTable", {"TableName": NAME})
            self.check_split(answer, 2 * self.partitions)

    def split_shard(self, shard_id):
        request = {"TableName": NAME, "ShardId": shard_id}
        status, answer = self.connection.call("SplitTable", request)
        if status == 200:
            assert [split["ParentShardId"] for split in answer["Splits"]] == [shard_id], answer
            return self.check_split(answer, self.partitions + 1)
        assert error_of(answer)[0] == "ValidationException", answer
        shards = describe_stream(self.connection, self.life.arn)["Shards"]
        rolled = [shard for shard in shards if shard["ShardId"] == shard_id]
        assert rolled and is_closed(rolled[0]), f"{answer} to {request}, but it is open: {rolled}"
        return None

    def check_split(self, answer, partitions):
        before, self.partitions = self.partitions, answer["PartitionCount"]
        assert self.partitions == partitions, f"expected {partitions} partitions: {answer}"
        assert len(answer["Splits"]) == (partitions - before if self.life else 0), answer
        if not self.life:
            return
        shards = describe_stream(self.connection, self.life.arn)["Shards"]
        for split in answer["Splits"]:
            children = [s["ShardId"] for s in children_of(shards, split["ParentShardId"])]
            assert children == sorted(split["ChildShardIds"]), f"{split}, but there are {children}"

    def stop_and_start(self):
        self.home.stop()
        self.start()

    def kill_and_start(self):
        self.home.kill()
        self.start()

    def kill_while_splitting(self):
        self.kill_during(self.split)
        table = tables.settle_table(self.connection, NAME)
        assert table["TableStatus"] == "ACTIVE", table

    def kill_while_toggling(self):
        self.kill_during(self.toggle)

    def kill_during(self, change):
        begin = time.monotonic()
        killer = threading.Timer(self.random.uniform(0, KILL_SECONDS_MAX), self.home.kill)
        killer.start()
        try:
            change()
        except GONE:
            pass
        killer.join()
        self.start()
        self.observe(begin)
        self.count_partitions()

    def start(self):
        self.home.start(self.random.choice(SHARD_AGES))
        self.connection = self.home.connect()

    def count_partitions(self):
        """After a split that may or may not have been made."""
        if self.life is None:
            self.change_stream()
        shards = describe_stream(self.connection, self.life.arn)["Shards"]
        count = sum(not is_closed(shard) for shard in shards)
        assert self.partitions <= count <= 2 * self.partitions, f"{count} partitions: {shards}"
        self.partitions = count


EVENTS = {Controller.toggle: 3, Controller.split: 5, Controller.stop_and_start: 2,
          Controller.kill_and_start: 2, Controller.kill_while_splitting: 2,
          Controller.kill_while_toggling: 1}
