"""Time itself: a soak of ten minutes, starts, and triggers."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time

from . import growth, process_cost
from .load import Load, table_arguments

SOAK_CACHE_MEBIBYTES = 256
# Of the configuration file that the soak's memory is bounded by.
SOAK_CONFIGURATION = f"""[rocksdb]
block_cache_mebibytes = {SOAK_CACHE_MEBIBYTES}
write_buffer_mebibytes = 32
"""
TRIGGERS = pathlib.Path(__file__).resolve().parent.parent / "bench_triggers.py"


class MemoryWatch:
    """Samples the server's memory until the end of the `with`."""

    def __init__(self, server, interval_seconds):
        self.samples = []  # seconds since the beginning, MB
        self._server = server
        self._interval_seconds = interval_seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self):
        begin = time.monotonic()
        while True:
            self.samples.append((round(time.monotonic() - begin, 1), round(
                process_cost.memory_megabytes(self._server.pids()), 1)))
            if self._over.wait(self._interval_seconds):
                return

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


def measure_soak(run):
    """Reads and writes for ten minutes on a table larger than the cache: memory must not grow."""
    if not run.is_wanted("soak"):
        return
    scale = run.options.scale
    configuration = run.launcher.fresh_directory("soak") / "millrace.toml"
    configuration.write_text(SOAK_CONFIGURATION)
    work = Load("get", scale.soak_items)
    slices = []
    with run.launcher.millrace("millrace", "--config", configuration) as server:
        run.generator.prepare(server, work)
        with MemoryWatch(server, scale.soak_seconds / 120) as watch:
            for number in range(scale.soak_slices):
                report = run.generator.run(
                    server.endpoint, "--workload", "mixed", "--loaded", *table_arguments(work),
                    "--seconds", scale.soak_seconds / scale.soak_slices, "--seed", number + 1)
                slices.append({"rate": report["requests_per_second"],
                               "p99": report["latency_microseconds"]["p99"],
                               "errors": report["errors"]})
                run.say(f"soak {number + 1} of {scale.soak_slices}: "
                        f"{report['requests_per_second']:,.0f}/s, {watch.samples[-1][1]:.0f} MB")
    run.results.put("soak", {"seconds": scale.soak_seconds, "items": scale.soak_items,
                             "cache_mib": SOAK_CACHE_MEBIBYTES, "slices": slices,
                             "rss_mb": watch.samples})


def evict(directory):
    """Drops the files from the operating system's cache."""
    os.sync()
    for path in pathlib.Path(directory).rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def start_times(count, start):
    """Milliseconds from exec until it listens, and MB a second later."""
    milliseconds, memory = [], 0
    for number in range(count):
        with start() as server:
            milliseconds.append(round(server.start_seconds * 1000, 1))
            if number == count - 1:
                time.sleep(1)
                memory = process_cost.memory_megabytes(server.pids())
    return {"ms": milliseconds, "rss_mb": round(memory, 1)}


def measure_start(run):
    starts = run.options.scale.starts
    few = max(2, starts // 3)
    if run.is_wanted("start/empty"):
        found = {"millrace": start_times(starts, lambda: run.launcher.millrace("millrace"))}
        for peer in run.options.peers:
            found[peer] = start_times(few, lambda name=peer: run.launcher.start(name))
        for name, values in found.items():
            run.say(f"start/empty {name}: {statistics.median(values['ms'])} ms, "
                    f"{values['rss_mb']} MB")
        run.results.put("start/empty", {"servers": found})
    if run.is_wanted("start/large"):
        data = growth.large_directory(run)

        def from_disk():
            evict(data)
            return run.launcher.millrace("millrace", data=data)

        found = {"cached": start_times(
                     few, lambda: run.launcher.millrace("millrace", data=data)),
                 "evicted": start_times(few, from_disk)}
        for name, values in found.items():
            run.say(f"start/large {name}: {statistics.median(values['ms'])} ms")
        run.results.put("start/large", {"items": run.options.scale.large_items[-1],
                                        "servers": found})


def measure_triggers(run):
    """From the answer to a put until the function is called; bench_triggers.py says how."""
    if not run.is_wanted("triggers"):
        return
    found = {}
    for runtime in ("nodejs20.x", "python3.11"):
        result = subprocess.run(
            [sys.executable, "-B", str(TRIGGERS), "--json", "--runtime", runtime, "--puts",
             str(run.options.scale.trigger_puts), "--latency-only"],
            capture_output=True, text=True)
        if result.returncode != 0:
            run.say(f"triggers {runtime}: {result.stderr.strip()[-500:]}")
            continue
        found[runtime] = json.loads(result.stdout)
        run.say(f"triggers {runtime}: {found[runtime]}")
    if found:
        run.results.put("triggers", {"runtimes": found})
