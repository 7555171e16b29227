#!/usr/bin/python3
"""Measures triggers against a fresh server of the release build: from the answer to a put until the
function has its record, how many records a second go into a function, and what an idle mapping
costs. bench_triggers.py [--puts N] [--records N] [--runtime nodejs20.x|python3.11] [--latency-only]
[--json]
"""

import argparse
import io
import json
import os
import pathlib
import sys
import tempfile
import threading
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/clients"))
sys.dont_write_bytecode = True

import boto3  # noqa: E402
import botocore.config  # noqa: E402
from server import Server  # noqa: E402

# Both clocks are CLOCK_MONOTONIC.
FUNCTIONS = {
    "nodejs20.x": ("index.mjs", """
import { appendFileSync } from 'node:fs';
export const handler = async (event) => {
  const now = process.hrtime.bigint();
  const first = event.Records[0].dynamodb.Keys.id.S;
  appendFileSync(process.env.ARRIVALS, `${now} ${event.Records.length} ${first}\\n`);
};
"""),
    "python3.11": ("index.py", """
import os, time
def handler(event, context):
    now = time.monotonic_ns()
    first = event["Records"][0]["dynamodb"]["Keys"]["id"]["S"]
    with open(os.environ["ARRIVALS"], "a") as out:
        out.write(f"{now} {len(event['Records'])} {first}\\n")
"""),
}


def archive(name, source):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as code:
        code.writestr(name, source)
    return out.getvalue()


class Bench:
    def __init__(self, server, directory, runtime):
        self.server = server
        self.directory = directory
        self.runtime = runtime
        config = botocore.config.Config(retries={"max_attempts": 0}, max_pool_connections=8)
        self.clients = {
            service: boto3.client(service, endpoint_url=server.endpoint, region_name="us-east-1",
                                  aws_access_key_id="test", aws_secret_access_key="test",
                                  config=config)
            for service in ("dynamodb", "lambda")}

    def arrivals(self, name):
        path = self.directory / name
        if not path.exists():
            return []
        return [(int(now), int(count), key) for now, count, key in
                (line.split() for line in path.read_text().splitlines())]

    def set_up(self, name, **mapping):
        dynamodb, functions = self.clients["dynamodb"], self.clients["lambda"]
        dynamodb.create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
        file, source = FUNCTIONS[self.runtime]
        functions.create_function(
            FunctionName=name, Runtime=self.runtime, Handler="index.handler",
            Role="arn:aws:iam::000000000000:role/any", MemorySize=1024, Timeout=60,
            Code={"ZipFile": archive(file, source)},
            Environment={"Variables": {"ARRIVALS": str(self.directory / name)}})
        functions.get_waiter("function_active_v2").wait(FunctionName=name)
        arn = dynamodb.describe_table(TableName=name)["Table"]["LatestStreamArn"]
        return functions.create_event_source_mapping(
            EventSourceArn=arn, FunctionName=name, StartingPosition="TRIM_HORIZON",
            **mapping)["UUID"]

    def latency(self, puts):
        self.set_up("latency", BatchSize=1)
        dynamodb = self.clients["dynamodb"]
        answered = {}
        for number in range(puts + 20):
            key = f"key-{number}"
            dynamodb.put_item(TableName="latency", Item={"id": {"S": key}})
            answered[key] = time.monotonic_ns()
            time.sleep(1.0 if number < 2 else 0.01)
        time.sleep(1)
        # The first ones wait for the function to start.
        delays = sorted((now - answered[key]) / 1e6 for now, _, key in self.arrivals("latency")
                        if int(key[4:]) >= 20)
        assert len(delays) == puts, f"{len(delays)} of {puts} arrived"
        return delays[len(delays) // 2], delays[len(delays) * 99 // 100], delays[-1]

    def throughput(self, records):
        uuid = self.set_up("throughput", BatchSize=1000, Enabled=False)
        threads = [threading.Thread(target=self.load, args=(n, records // 4)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.clients["lambda"].update_event_source_mapping(UUID=uuid, Enabled=True)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            arrivals = self.arrivals("throughput")
            if sum(count for _, count, _ in arrivals) >= records // 4 * 4:
                break
            time.sleep(0.1)
        # The time before the first arrival is that of starting the function.
        seconds = (arrivals[-1][0] - arrivals[0][0]) / 1e9
        return sum(count for _, count, _ in arrivals[1:]) / seconds

    def load(self, part, records):
        payload = "x" * 100
        for first in range(0, records, 25):
            items = [{"PutRequest": {"Item": {"id": {"S": f"{part}-{first + n}"},
                                              "payload": {"S": payload}}}} for n in range(25)]
            self.clients["dynamodb"].batch_write_item(RequestItems={"throughput": items})

    def idle_milliseconds(self, seconds=20):
        def ticks():
            fields = pathlib.Path(f"/proc/{self.server.process.pid}/stat").read_text().split()
            return int(fields[13]) + int(fields[14])
        time.sleep(2)
        before = ticks()
        time.sleep(seconds)
        return (ticks() - before) * 1000 / os.sysconf("SC_CLK_TCK") / seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--puts", type=int, default=500)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--runtime", choices=FUNCTIONS, default="nodejs20.x")
    parser.add_argument("--latency-only", action="store_true", help="the first of the three")
    parser.add_argument("--json", action="store_true", help="the figures as one object")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=ROOT / "build/release") as directory:
        with Server("--data", f"{directory}/data") as server:
            bench = Bench(server, pathlib.Path(directory), options.runtime)
            p50, p99, highest = bench.latency(options.puts)
            found = {"p50_ms": p50, "p99_ms": p99, "max_ms": highest}
            if not options.latency_only:
                found["idle_ms"] = bench.idle_milliseconds()
                found["records_per_second"] = bench.throughput(options.records)
    if options.json:
        print(json.dumps(found))
    else:
        print_rows(found, options.runtime)


def print_rows(found, runtime):
    print(f"| put acknowledged until the function is called, {runtime} "
          f"| p50 {found['p50_ms']:.2f} ms, p99 {found['p99_ms']:.2f} ms, "
          f"max {found['max_ms']:.2f} ms |")
    if "idle_ms" in found:
        print(f"| records into the function, batch size 1,000 | {found['records_per_second']:,.0f}/s |")
        print(f"| an idle mapping | {found['idle_ms']:.2f} ms of CPU a second |")


main()
