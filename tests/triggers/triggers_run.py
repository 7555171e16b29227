"""One run: a server that is killed, writers that go on, and what the function has seen of it."""

import collections
import os
import pathlib
import socket
import threading
import time
import uuid

import boto3
import botocore.config
import botocore.exceptions
from server import Server

import function_code
from deliveries import Deliveries

TABLE = "changes"
WRITERS = 3
KEYS_PER_WRITER = 5
BATCH_SIZE = 10
LANES = 3
PARTITIONS_MAX = 4
# Until a killed server's functions must be gone, and until all that was written must have come.
GONE_SECONDS_MAX = 5
DRAIN_SECONDS_MAX = 60


def make_client(service, endpoint):
    config = botocore.config.Config(retries={"max_attempts": 0}, connect_timeout=2, read_timeout=20)
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", config=config,
                        aws_access_key_id="test", aws_secret_access_key="test")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Writer(threading.Thread):
    """Counts its keys up, one put after the other; what is not answered it puts again."""

    def __init__(self, number, endpoint, random):
        super().__init__(daemon=True)
        self.client = make_client("dynamodb", endpoint)
        self.keys = [f"writer-{number}-key-{key}" for key in range(KEYS_PER_WRITER)]
        self.acknowledged = collections.Counter()
        self.random = random
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.is_set():
            key = self.random.choice(self.keys)
            item = {"id": {"S": key}, "number": {"N": str(self.acknowledged[key] + 1)}}
            while not self.put(item):
                if self.stopping.wait(0.05):
                    return
            self.acknowledged[key] += 1

    def put(self, item):
        try:
            self.client.put_item(TableName=TABLE, Item=item)
            return True
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
            return False


class TriggersRun:
    def __init__(self, random, directory):
        self.random = random
        self.directory = directory
        self.mark = f"triggers-{uuid.uuid4()}"
        self.deliveries = Deliveries(directory / "deliveries")
        self.address = f"127.0.0.1:{free_port()}"
        self.endpoint = f"http://{self.address}"
        self.server = None
        self.writers = []
        self.splits = 0

    def start(self):
        self.server = Server("--data", self.directory / "data", "--listen", self.address)

    def server_log(self):
        return self.server.stderr() if self.server else ""

    def end(self):
        for writer in self.writers:
            writer.stopping.set()
        if self.server and self.server.process.poll() is None:
            self.server.kill()

    def run(self, rounds):
        self.start()
        self.create()
        self.writers = [Writer(n, self.endpoint, self.random) for n in range(WRITERS)]
        for writer in self.writers:
            writer.start()
        for _ in range(rounds):
            self.play_round()
        for writer in self.writers:
            writer.stopping.set()
        for writer in self.writers:
            writer.join()
        acknowledged = sum((writer.acknowledged for writer in self.writers), collections.Counter())
        self.await_all(acknowledged)
        repeats_max = rounds * LANES * PARTITIONS_MAX * BATCH_SIZE
        count, repeats = self.deliveries.check(acknowledged, repeats_max)
        assert self.server.stop() == 0
        self.expect_no_functions()
        return f"{rounds} kills, {count} changes delivered, {repeats} again, {self.splits} splits"

    def create(self):
        make_client("dynamodb", self.endpoint).create_table(
            TableName=TABLE, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
        table = make_client("dynamodb", self.endpoint).describe_table(TableName=TABLE)["Table"]
        functions = make_client("lambda", self.endpoint)
        functions.create_function(
            FunctionName="fed", Runtime="python3.11", Handler="index.handler",
            Role="arn:aws:iam::000000000000:role/any", Code={"ZipFile": function_code.archive()},
            Environment={"Variables": {"DELIVERIES": str(self.deliveries.path),
                                       "MARK": self.mark}})
        functions.get_waiter("function_active_v2").wait(FunctionName="fed")
        functions.create_event_source_mapping(
            EventSourceArn=table["LatestStreamArn"], FunctionName="fed",
            StartingPosition="TRIM_HORIZON", BatchSize=BATCH_SIZE, ParallelizationFactor=LANES,
            BisectBatchOnFunctionError=True)

    def play_round(self):
        time.sleep(self.random.uniform(0.3, 2.0))
        if self.splits < PARTITIONS_MAX - 1 and self.random.random() < 0.3:
            self.split()
        self.server.kill()
        self.expect_no_functions()
        self.start()

    def split(self):
        client = make_client("dynamodb", self.endpoint)

        def name_operation(request, **_):
            request.headers["X-Amz-Target"] = "Millrace_20261101.SplitTable"

        client.meta.events.register("before-sign.dynamodb.DescribeTable", name_operation)
        client.describe_table(TableName=TABLE)
        self.splits += 1

    def await_all(self, acknowledged):
        deadline = time.monotonic() + DRAIN_SECONDS_MAX
        while time.monotonic() < deadline:
            highest = self.deliveries.highest()
            if all(highest[key] >= number for key, number in acknowledged.items()):
                return
            time.sleep(0.2)

    def functions(self):
        """The processes, whosever they are, that have this run's mark in their environment."""
        mark = f"MARK={self.mark}".encode()
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes() and int(process.name) != os.getpid():
                    found.append(int(process.name))
            except OSError:
                continue  # it has ended meanwhile
        return found

    def expect_no_functions(self):
        deadline = time.monotonic() + GONE_SECONDS_MAX
        while self.functions() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not self.functions(), "functions outlive their server"
