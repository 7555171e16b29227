"""What must hold of the shards of a stream, as DescribeStream tells them."""

import re

SHARD_ID = re.compile(r"shardId-\d{20}-[0-9a-f]{8}")


def is_closed(shard):
    return "EndingSequenceNumber" in shard["SequenceNumberRange"]


def first_number(shard):
    return int(shard["SequenceNumberRange"]["StartingSequenceNumber"])


def last_number(shard):
    return int(shard["SequenceNumberRange"]["EndingSequenceNumber"])


def children_of(shards, shard_id):
    return [shard for shard in shards if shard.get("ParentShardId") == shard_id]


def check_lineage(shards, enabled, snapshot=True):
    """`shards` in the order told, all of them; `snapshot`: they were told in one answer."""
    ids = [shard["ShardId"] for shard in shards]
    assert ids == sorted(set(ids)), f"not in the order of creation, or one comes twice: {ids}"
    known = dict(zip(ids, shards))
    with_parent = [shard["ShardId"] for shard in shards if "ParentShardId" in shard]
    for shard in shards:
        check_shard(shard)
        parent_id = shard.get("ParentShardId")
        if parent_id is None:
            assert not with_parent or shard["ShardId"] < with_parent[0], (
                f"{shard['ShardId']} has no parent, but was made later than {with_parent[0]}")
            continue
        assert parent_id < shard["ShardId"], f"made before its parent: {shard}"
        if parent_id in known and (snapshot or is_closed(known[parent_id])):
            check_child(known[parent_id], shard)
    if not enabled:
        for shard in shards:
            assert is_closed(shard), f"open in a stream that is disabled: {shard}"
    if enabled and snapshot:
        for shard in shards:
            count = len(children_of(shards, shard["ShardId"]))
            expected = (1, 2) if is_closed(shard) else (0,)
            assert count in expected, f"{count} children of {shard}: {shards}"


def check_shard(shard):
    assert SHARD_ID.fullmatch(shard["ShardId"]), shard
    for name, number in shard["SequenceNumberRange"].items():
        assert re.fullmatch(r"[1-9]\d{20,39}", number), f"{name} of {shard}"
    if is_closed(shard):
        assert first_number(shard) <= last_number(shard), f"ends before it starts: {shard}"


def check_child(parent, child):
    assert is_closed(parent), f"open, but has the child {child}: {parent}"
    assert last_number(parent) < first_number(child), f"{child} starts within {parent}"


def parents_first(shards):
    """Shards in an order in which none comes before its parent."""
    rest = {shard["ShardId"]: shard for shard in shards}
    ordered = []
    while rest:
        free = [s for s in rest.values() if s.get("ParentShardId") not in rest]
        assert free, f"shards are each other's parents: {sorted(rest)}"
        ordered += sorted(free, key=lambda shard: shard["ShardId"])
        for shard in free:
            del rest[shard["ShardId"]]
    return ordered
