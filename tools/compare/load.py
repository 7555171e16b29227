"""Runs `millrace bench`, the one load generator for all servers."""

import dataclasses
import json
import os
import pathlib
import subprocess
import tempfile

from . import process_cost, workloads

ACCESS_KEY_ID = "AKIAMILLRACEBENCHING"
SECRET_ACCESS_KEY = "the-secret-of-the-benchmark"
REGION = "us-east-1"
# Slow servers take long to load with large items.
LOAD_TIMEOUT_SECONDS = 300
ANSWER_TIMEOUT_SECONDS = 60


class LoadError(Exception):
    """The load generator could not run."""


@dataclasses.dataclass(frozen=True)
class Load:
    workload: str
    items: int
    item_bytes: int = 1024
    connections: int = 32

    @property
    def kind(self):
        return workloads.WORKLOADS[self.workload].table

    @property
    def table(self):
        return f"{self.kind}-{self.item_bytes}-{self.items}"


class Generator:
    """`cpus`: what it is pinned to; empty: nothing."""

    def __init__(self, millrace, cpus=()):
        self.millrace = millrace
        self.cpus = cpus

    def run(self, endpoint, *arguments, before=()):
        """The report, also of a run with failed requests."""
        pinned = ["taskset", "-c", ",".join(map(str, self.cpus))] if self.cpus else []
        command = [*before, *pinned, str(self.millrace), "bench", "--json", "--keep",
                   "--endpoint", endpoint, "--region", REGION, *map(str, arguments)]
        variables = {name: value for name, value in os.environ.items()
                     if not name.startswith("AWS_")}
        variables |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
                      "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY}
        result = subprocess.run(command, env=variables, capture_output=True, text=True)
        if not result.stdout.startswith("{"):
            raise LoadError(result.stderr.strip())
        return json.loads(result.stdout)

    def prepare(self, server, load):
        """Makes and loads the table, once on each server."""
        if load.table in server.prepared:
            return
        workload, arguments = workloads.TABLES[load.kind]
        self.run(server.endpoint, "--workload", workload, *arguments, "--requests", 1,
                 "--timeout", LOAD_TIMEOUT_SECONDS, *table_arguments(load))
        server.prepared.add(load.table)

    def measure(self, server, load, seconds):
        """One turn on a prepared table, with what it cost the server."""
        workload = workloads.WORKLOADS[load.workload]
        pids = server.pids()
        before = process_cost.cpu_seconds(pids)
        report = self.run(server.endpoint, *measure_arguments(load), "--seconds", seconds)
        cpu_seconds = process_cost.cpu_seconds(pids) - before
        requests = max(report["requests"], 1)
        entries = report.get(workload.entry_count, report["requests"] * workload.entries)
        return {
            "rate": report["requests_per_second"],
            "entries_rate": round(entries / report["seconds"], 1),
            **{name: report["latency_microseconds"][name] for name in ("p50", "p99", "p99_9", "max")},
            "server_cpu_us": round(cpu_seconds * 1e6 / requests, 2),
            "generator_cpu_us": round(report["generator_cpu_seconds"] * 1e6 / requests, 2),
            "rss_mb": round(process_cost.memory_megabytes(pids), 1),
            "errors": report["errors"],
        }

    def instructions(self, server, load, seconds):
        """Of the server, for each request; None where perf cannot count them."""
        with tempfile.TemporaryDirectory() as directory:
            output = pathlib.Path(directory) / "perf"
            report = self.run(server.endpoint, *measure_arguments(load), "--seconds", seconds,
                              before=process_cost.perf_arguments(server.pids(), output))
            count = process_cost.perf_count(output.read_text())
        return round(count / max(report["requests"], 1)) if count else None


def table_arguments(load):
    return ["--table", load.table, "--items", load.items, "--item-bytes", load.item_bytes]


def measure_arguments(load):
    workload = workloads.WORKLOADS[load.workload]
    return ["--workload", workload.bench, *workloads.TABLES[load.kind][1], "--loaded",
            "--connections", load.connections, "--timeout", ANSWER_TIMEOUT_SECONDS,
            *table_arguments(load)]
