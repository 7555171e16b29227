"""What a follower has read of a stream, and what a stream may never do with it."""

import time


def check_old(records, retention_seconds, what):
    """That the records were kept for as long as they had to be."""
    if records:
        newest = records[-1]["dynamodb"]["ApproximateCreationDateTime"]
        age = time.time() - newest
        assert age >= retention_seconds, f"{what} after {age:.1f} s: {records[-1]}"


class FollowedShard:
    def __init__(self, shard):
        self.id = shard["ShardId"]
        self.description = shard
        self.records = []
        self.iterator = None  # None: not begun, or read to its end
        self.ended = False

    @property
    def parent_id(self):
        return self.description.get("ParentShardId")

    def describe(self, told):
        """Nothing that was told of a shard changes, but that it ends."""
        before = self.description
        for name in ("ShardId", "ParentShardId"):
            assert before.get(name) == told.get(name), f"{before} became {told}"
        range_before, range_now = before["SequenceNumberRange"], told["SequenceNumberRange"]
        assert {**range_now, **range_before} == range_now, f"{before} became {told}"
        self.description = told

    def check_trimmed(self, retention_seconds):
        assert self.ended, f"trimmed before it was read: {self.description}"
        check_old(self.records, retention_seconds, f"{self.id} was trimmed")


class FollowedStream:
    def __init__(self, arn):
        self.arn = arn
        self.shards = {}  # by id, in order of creation
        self.trimmed = set()
        self.enabled_at = time.monotonic()  # when it was certainly enabled
        self.gone = False

    def describe(self, description, begin, retention_seconds):
        """`description` was asked for at `begin`, monotonic seconds."""
        if description["StreamStatus"] == "ENABLED":
            self.enabled_at = begin
        told = {shard["ShardId"]: shard for shard in description["Shards"]}
        newest = max(self.shards, default="")
        for shard_id, shard in told.items():
            if shard_id not in self.shards:
                self.add(shard, newest)
            self.shards[shard_id].describe(shard)
        missing = self.shards.keys() - told.keys()
        back = self.trimmed - missing
        assert not back, f"there again after they were trimmed: {back}"
        for shard_id in missing - self.trimmed:
            self.shards[shard_id].check_trimmed(retention_seconds)
        self.trimmed = missing

    def add(self, shard, newest):
        assert shard["ShardId"] > newest, f"{shard} is new, but {newest} was there before"
        parent = shard.get("ParentShardId")
        assert parent is None or parent in self.shards, (
            f"the parent was gone before anyone could know it: {shard}")
        self.shards[shard["ShardId"]] = FollowedShard(shard)

    def go(self, retention_seconds):
        """The stream is not there any more."""
        age = time.monotonic() - self.enabled_at
        assert age >= retention_seconds, f"{self.arn} is gone {age:.1f} s after it was enabled"
        for shard in self.shards.values():
            shard.check_trimmed(retention_seconds)
        self.gone = True

    def readable(self):
        """Shards that have not been read to their ends, but their parents have."""
        return [shard for shard in self.shards.values() if not shard.ended
                and (shard.parent_id is None or self.shards[shard.parent_id].ended)]

    def path(self, shard_id):
        """The shard's ancestors from the first on, and itself."""
        path = []
        while shard_id is not None:
            path.append(shard_id)
            shard_id = self.shards[shard_id].parent_id
        return path[::-1]

    @property
    def records(self):
        return [record for shard in self.shards.values() for record in shard.records]

    @property
    def splits(self):
        """How many shards have two children."""
        parents = [shard.parent_id for shard in self.shards.values() if shard.parent_id]
        return len(parents) - len(set(parents))

    @property
    def rolls(self):
        return len({shard.parent_id for shard in self.shards.values() if shard.parent_id}) - (
            self.splits)
