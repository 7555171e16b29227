"""Readers that follow all streams of the table from their beginnings, while it changes."""

import threading
import time

from connection import Refused, error_of
from followed import FollowedStream
from home import GONE
from items import NAME
from streams import describe_stream, list_streams, shard_iterator

PAUSE_SECONDS = 0.03
WAIT_HEADERS = {"x-millrace-wait-ms": "20"}


class Follower(threading.Thread):
    """`waits`: lets the server wait for records. `failure` is what went wrong."""

    def __init__(self, number, random, home, waits):
        super().__init__(daemon=True)
        self.name = f"follower{number}"
        self.random, self.home = random, home
        self.headers = WAIT_HEADERS if waits else None
        self.streams = {}  # by ARN
        self.caught_up_at = time.monotonic()  # all that was committed by then has been read
        self.drain = threading.Event()  # end when all is read
        self.connection = None
        self.failure = None

    def run(self):
        try:
            self.connection = self.home.connect()
            while not self.home.over.is_set():
                try:
                    records, caught_up = self.turn()
                except GONE:
                    self.connection = self.home.connect()
                    continue
                if self.drain.is_set() and caught_up and not records:
                    return
                time.sleep(0 if records else PAUSE_SECONDS)
        except Exception as error:  # told by the thread that joins this one
            self.failure = error
            self.home.over.set()

    def turn(self):
        """A page of every shard that can be read: how many records, and whether those are all."""
        begin = time.monotonic()
        listed = list_streams(self.connection, NAME)
        for arn in listed:
            self.streams.setdefault(arn, FollowedStream(arn))
        for stream in self.streams.values():
            assert not (stream.gone and stream.arn in listed), f"there again: {stream.arn}"
            if not stream.gone:
                self.discover(stream, stream.arn in listed)
        pages = [self.read_page(stream, shard) for stream in self.streams.values()
                 for shard in stream.readable() if not stream.gone]
        caught_up = all(last for _, last in pages)
        if caught_up:
            self.caught_up_at = begin
        return sum(count for count, _ in pages), caught_up

    def discover(self, stream, listed):
        begin = time.monotonic()
        limit = self.random.choice((1, 2, 5, 100, 100, 100))
        try:
            description = describe_stream(self.connection, stream.arn, limit)
        except Refused as refused:
            expected = f"Requested resource not found: Stream: {stream.arn} not found"
            assert error_of(refused.answer) == ("ResourceNotFoundException", expected), refused
            return stream.go(self.home.retention_seconds)
        assert listed, f"not listed, but described: {description}"
        return stream.describe(description, begin, self.home.retention_seconds)

    def read_page(self, stream, shard):
        """How many records, and whether the shard goes on and has no more now."""
        if shard.iterator is None:
            shard.iterator = shard_iterator(self.connection, stream.arn, shard.id)
        elif shard.records and self.random.random() < 0.1:
            shard.iterator = self.find_place(stream, shard)
        limit = self.random.choice((1, 3, 1000, 1000, 1000))
        status, page = self.connection.call(
            "GetRecords", {"ShardIterator": shard.iterator, "Limit": limit}, self.headers)
        assert status == 200, self.why_refused(shard, page)
        count = len(page["Records"])
        assert count <= limit, f"more than {limit} records: {page}"
        shard.records += page["Records"]
        shard.iterator = page.get("NextShardIterator")
        shard.ended = shard.iterator is None
        return count, count < limit and not shard.ended

    def find_place(self, stream, shard):
        """Where it stands in the shard, by the last sequence number."""
        number = shard.records[-1]["dynamodb"]["SequenceNumber"]
        if self.random.random() < 0.5:
            at = shard_iterator(self.connection, stream.arn, shard.id, "AT_SEQUENCE_NUMBER", number)
            page = self.connection.ok("GetRecords", {"ShardIterator": at, "Limit": 1})
            assert page["Records"] == shard.records[-1:], f"{page}, not {shard.records[-1]}"
        return shard_iterator(self.connection, stream.arn, shard.id, "AFTER_SEQUENCE_NUMBER",
                              number)

    def why_refused(self, shard, answer):
        seconds = time.monotonic() - self.caught_up_at
        return (f"all was read {seconds:.1f} s ago, records are kept for "
                f"{self.home.retention_seconds} s, and now for {shard.description}: {answer}")
