#!/usr/bin/python3
"""What the audit trail costs: throughput without a trail, with data events of all tables
(durability async), and with the event in the write's commit (durability commit).

bench_audit.py [--rounds N] [--seconds N] [--connections N]. Servers of their own, one at a time, in
turn; prints each round's requests a second and the medians' ratios.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/clients"))

from server import BINARY, Server  # noqa: E402

MODES = ("off", "async", "commit")
WORKLOADS = ("put", "get")


def start_trail(endpoint):
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench",
                   "AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": ""}

    def call(*arguments):
        subprocess.run(["/usr/bin/aws", "--endpoint-url", endpoint, "cloudtrail", *arguments],
                       env=environment, check=True, stdout=subprocess.DEVNULL)

    call("create-trail", "--name", "bench", "--s3-bucket-name", "bench")
    call("put-event-selectors", "--trail-name", "bench", "--event-selectors", json.dumps([{
        "DataResources": [{"Type": "AWS::DynamoDB::Table", "Values": ["arn:aws:dynamodb"]}]}]))
    call("start-logging", "--name", "bench")


def requests_per_second(endpoint, workload, options):
    result = subprocess.run(
        [BINARY, "bench", "--endpoint", endpoint, "--workload", workload, "--seconds",
         str(options.seconds), "--connections", str(options.connections), "--json"],
        check=True, capture_output=True, text=True)
    return json.loads(result.stdout)["requests_per_second"]


def measure(mode, options):
    durability = "commit" if mode == "commit" else "async"
    with tempfile.TemporaryDirectory(dir=options.directory) as directory:
        with Server("--data", pathlib.Path(directory) / "data",
                    "--audit-durability", durability) as server:
            if mode != "off":
                start_trail(server.endpoint)
            return {workload: requests_per_second(server.endpoint, workload, options)
                    for workload in WORKLOADS}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--directory", help="where the servers have their data")
    options = parser.parse_args()
    measured = {mode: {workload: [] for workload in WORKLOADS} for mode in MODES}
    for number in range(options.rounds):
        for mode in MODES:
            rates = measure(mode, options)
            for workload, rate in rates.items():
                measured[mode][workload].append(rate)
            print(f"round {number + 1} {mode:6} " +
                  " ".join(f"{workload} {rate:9.0f}/s" for workload, rate in rates.items()),
                  flush=True)
    for workload in WORKLOADS:
        medians = {mode: statistics.median(measured[mode][workload]) for mode in MODES}
        print(f"{workload}: off {medians['off']:.0f}/s", *(
            f"{mode} {medians[mode]:.0f}/s ({100 * medians[mode] / medians['off'] - 100:+.1f} %)"
            for mode in MODES[1:]), sep=", ")


main()
