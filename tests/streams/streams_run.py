"""One run: writers, followers and a controller, then all that must hold."""

import time

import items
import verification
from connection import Refused, error_of
from controller import Controller
from follower import Follower
from home import Home
from writers import Writer

WRITERS = 4
FOLLOWERS = 2  # and one more that lets the server wait
RETENTION_SECONDS = 8
RETENTION_SECONDS_STILL = 24 * 3600
SHARD_AGE_STILL = 3600
DRAIN_SECONDS_MAX = 60
GONE_ERRORS = ("TrimmedDataAccessException", "ResourceNotFoundException")
TRIES_MAX = 20
LONG_SECONDS = 30  # a run as long as this has a bit of everything
EXPIRY_SECONDS_MAX = 20


class StreamsRun:
    def __init__(self, random, data):
        self.random = random
        self.home = Home(data, RETENTION_SECONDS)
        self.seconds = 0
        self.controller = Controller(self.fork(), self.home)
        self.writers = [Writer(number, self.fork(), self.home) for number in range(WRITERS)]
        self.followers = [Follower(number, self.fork(), self.home, number == FOLLOWERS)
                          for number in range(FOLLOWERS + 1)]

    def fork(self):
        return self.random.__class__(self.random.random())

    def run(self, seconds):
        self.seconds = seconds
        self.controller.start()
        begin = time.monotonic()
        items.create(self.controller.connection)
        self.controller.observe(begin)
        for thread in (*self.followers, *self.writers):
            thread.start()
        self.controller.run(seconds)
        self.end_writers()
        self.wait_until_expired(self.home.connect())
        tolerating_trims(verification.verify_nothing_old, self.home.connect(), RETENTION_SECONDS)
        self.home.stop()
        self.home.start(SHARD_AGE_STILL, RETENTION_SECONDS_STILL)
        self.drain_followers()
        told = self.verify(self.home.connect())
        self.home.stop()
        return told

    def end_writers(self):
        self.home.rest.set()
        self.join(self.writers)

    def drain_followers(self):
        for follower in self.followers:
            follower.drain.set()
        self.join(self.followers)

    def join(self, threads):
        for thread in threads:
            thread.join(DRAIN_SECONDS_MAX)
            for other in (*self.writers, *self.followers):
                if other.failure:
                    raise other.failure
            assert not thread.is_alive(), f"{thread.name} does not come to its end"

    def wait_until_expired(self, connection):
        deadline = time.monotonic() + EXPIRY_SECONDS_MAX
        request = {"TableName": items.NAME, "FilterExpression": "attribute_exists(#until)",
                   "ExpressionAttributeNames": {"#until": "until"}}
        while connection.ok("Scan", request)["Count"]:
            assert time.monotonic() < deadline, "items stay there after their time"
            time.sleep(0.2)

    def verify(self, connection):
        verification.verify_agreement(self.followers)
        verification.verify_listing(connection, self.followers)
        streams = self.followers[0].streams
        lives = self.controller.lives
        assert list(sorted(streams)) == sorted(life.arn for life in lives), f"{lives}"
        remaining = 0
        for life in lives:
            verification.verify_stream(life, streams[life.arn], self.writers)
            if not streams[life.arn].gone:
                remaining += verification.verify_remaining(connection, streams[life.arn],
                                                           RETENTION_SECONDS)
                verification.verify_descriptions(connection, life.arn)
        verification.verify_table(connection, self.writers, self.random)
        connection.close()
        return self.tell(remaining)

    def tell(self, remaining):
        streams = self.followers[0].streams.values()
        records = sum(len(stream.records) for stream in streams)
        counts = {"streams": len(streams), "records": records, "trimmed": records - remaining,
                  "splits": sum(stream.splits for stream in streams),
                  "rolls": sum(stream.rolls for stream in streams),
                  "partitions": self.controller.partitions}
        if self.seconds >= LONG_SECONDS:
            assert all(counts.values()), f"too little has happened: {counts}"
        return f"{counts} {self.controller.happened}"


def tolerating_trims(verify, *arguments):
    """Once more when what is looked at is trimmed in that moment."""
    for _ in range(TRIES_MAX):
        try:
            return verify(*arguments)
        except Refused as refused:
            if error_of(refused.answer)[0] not in GONE_ERRORS:
                raise
    raise AssertionError(f"trimmed {TRIES_MAX} times under the eyes of {verify.__name__}")
