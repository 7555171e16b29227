"""Splits of tables at any moment, also the one at which the server is killed."""

import time

from connection import Connection, error_of
from lineage import is_closed
from streams import describe_stream
from writers import GONE

PARTITIONS_MAX = 5
PAUSE_SECONDS_MAX = 0.6


class Reshaper:
    """Splits one open shard after the other, of the tables that have a stream."""

    def __init__(self, names, random):
        self.names = names
        self.random = random
        self.splits = 0  # that were acknowledged

    def run(self, server):
        """Until the server is gone; the number of splits that were acknowledged."""
        connection = Connection(server.host, server.port)
        acknowledged = 0
        try:
            while True:
                time.sleep(self.random.random() * PAUSE_SECONDS_MAX)
                acknowledged += self.split(connection, self.random.choice(self.names))
        except GONE:
            self.splits += acknowledged
            return acknowledged
        finally:
            connection.close()

    def split(self, connection, name):
        """Whether there was a shard to split."""
        status, answer = connection.call("DescribeTable", {"TableName": name})
        if status != 200 or "StreamSpecification" not in answer["Table"]:
            return False
        arn = answer["Table"]["LatestStreamArn"]
        shards = describe_stream(connection, arn)["Shards"]
        free = [shard["ShardId"] for shard in shards if not is_closed(shard)]
        if not 0 < len(free) < PARTITIONS_MAX:
            return False
        request = {"TableName": name, "ShardId": self.random.choice(free)}
        status, answer = connection.call("SplitTable", request)
        if status == 200:
            return True
        # It was rolled over in between, or the stream or the table has ended.
        assert error_of(answer)[0] in ("ValidationException", "ResourceNotFoundException"), answer
        return False
