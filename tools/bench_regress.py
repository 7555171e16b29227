#!/usr/bin/python3
"""Instructions that the server spends on a request, by callgrind, against the committed baseline.

bench_regress.py [--renew] [--only OPERATION...] [--profiles DIRECTORY]

Exits with 1 when a request takes more than 5 % more than in bench/instructions.json, and says so
when one takes as much less: the baseline is then to be renewed. Counted is the whole request in the
server's process, all threads of it, on a server in enforced mode: HTTP, signature, operation, commit
with fsync, and nothing of the kernel's. docs/performance.md has more.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from callgrind import CannotMeasure, Server

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("MILLRACE_BINARY", ROOT / "build/release/millrace"))
BASELINE = ROOT / "bench/instructions.json"
CHANGE_MAX = 0.05
LOAD_SECONDS_MAX = 300
ANSWER_SECONDS_MAX = 60
# What timers do in this time, for each second of a count, is no request's.
IDLE_SECONDS = 4
ITEMS = 2000
SCAN_PAGES = 4  # of a megabyte: all items, and the beginning again
# What could depend on the machine is set: threads, and caches by the memory there is.
CONFIG = """listen = "127.0.0.1:0"
data = "{directory}/data"

[http]
threads = 1

[rocksdb]
block_cache_mebibytes = 64
"""
KEY_ID, SECRET = "INSTRUCTIONSROOTKEY", "instructions-root-secret"
ENVIRONMENT = {"MILLRACE_ROOT_ACCESS_KEY_ID": KEY_ID, "MILLRACE_ROOT_SECRET_ACCESS_KEY": SECRET,
               "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET}
# What of the machine's packages is in the counts.
TOOLCHAIN = ("g++-12", "libc6", "libstdc++6", "libboost1.81-dev", "libdeflate0", "libfmt9",
             "librocksdb7.8", "libsimdjson14", "libspdlog1.10", "libssl3", "valgrind")


@dataclasses.dataclass(frozen=True)
class Operation:
    workload: str  # of `millrace bench`
    requests: int
    stream: bool = False


# The items of all have 1 KB.
OPERATIONS = {
    "GetItem": Operation("get", 2000),
    "PutItem": Operation("put", 600),
    "PutItem, stream": Operation("put", 600, stream=True),
    "UpdateItem": Operation("update", 600),
    "Query of 100": Operation("query", 300),
    "GetRecords": Operation("records", 30, stream=True),
}


def run_load(server, operation, requests, *options):
    stream = ("--stream", "NEW_AND_OLD_IMAGES") if operation.stream else ()
    result = subprocess.run(
        [BINARY, "bench", "--endpoint", server.endpoint, "--table", "counted", "--keep",
         "--items", str(ITEMS), "--requests", str(requests),
         "--timeout", str(ANSWER_SECONDS_MAX), *stream, *options],
        env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True,
        timeout=LOAD_SECONDS_MAX)
    if result.returncode != 0:
        raise CannotMeasure(f"{result.stdout}{result.stderr}{server.log()}")


def measure(operation, directory, cpu):
    """Instructions of one request, and the file with the profile of all of them."""
    config = CONFIG.format(directory=directory)
    filled = "update" if operation.workload == "put" else operation.workload
    load = ("--workload", operation.workload, "--connections", "1")
    # Not counted, and so a hundred times as fast. The start after that moves the items into files.
    # The workload of puts would leave the table empty.
    with Server(BINARY, directory, config, ENVIRONMENT, cpu, counted=False) as server:
        run_load(server, operation, 1, "--workload", filled)
    with Server(BINARY, directory, config, ENVIRONMENT, cpu, counted=True) as server:
        # A server that has run for a while has in its cache what it is asked for.
        run_load(server, operation, SCAN_PAGES, "--workload", "scan", "--connections", "1",
                 "--loaded")
        run_load(server, operation, operation.requests // 4, *load, "--loaded", "--seed", "2")
        server.control("instrumentation", "on")
        server.dump()
        time.sleep(IDLE_SECONDS)
        idle, idle_seconds, _ = server.dump()
        # What the generator asks besides, and its connections.
        run_load(server, operation, 0, *load, "--loaded")
        besides, besides_seconds, _ = server.dump()
        run_load(server, operation, operation.requests, *load, "--loaded")
        total, seconds, profile = server.dump()
        server.control("instrumentation", "off")
    of_timers = idle / idle_seconds * (seconds - besides_seconds)
    return (total - besides - of_timers) / operation.requests, profile


def measure_all(operations, work, profiles):
    """Instructions by the operation's name. As many at once as there are processors."""
    cpus = sorted(os.sched_getaffinity(0))

    def measure_one(name):
        directory = work / name.replace(",", "").replace(" ", "-")
        directory.mkdir()
        cpu = cpus.pop()
        try:
            count, profile = measure(operations[name], directory, cpu)
        finally:
            cpus.append(cpu)
        if profiles is not None:
            shutil.copy(profile, profiles / f"{directory.name}.callgrind")
        return round(count)

    with concurrent.futures.ThreadPoolExecutor(len(cpus)) as pool:
        return dict(zip(operations, pool.map(measure_one, operations)))


def toolchain():
    text = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *TOOLCHAIN],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    versions = dict(line.split(" ", 1) for line in text.splitlines())
    return {name: versions.get(name) or "absent" for name in TOOLCHAIN}


def verdict(before, now):
    """Of one operation; GREW and NEW fail. `before` is None when the baseline does not have it."""
    if before is None:
        return "NEW"
    if now > before * (1 + CHANGE_MAX):
        return "GREW"
    return "FELL" if now < before * (1 - CHANGE_MAX) else "good"


def verdicts(baseline, counts):
    before = baseline.get("instructions", {})
    return {name: verdict(before.get(name), count) for name, count in counts.items()}


def report(baseline, counts):
    """A line an operation, and what they mean."""
    before = baseline.get("instructions", {})
    found = verdicts(baseline, counts)
    for name, count in counts.items():
        compared = (f", {count / before[name] - 1:+.1%} of the baseline's {before[name]:,}"
                    if name in before else "")
        yield f"{name}: {found[name]}: {count:,} instructions{compared}"
    if "GREW" in found.values():
        yield f"a request takes more than {CHANGE_MAX:.0%} more instructions than the baseline's"
    if "FELL" in found.values():
        yield (f"a request takes more than {CHANGE_MAX:.0%} fewer instructions: renew the baseline, "
               "./x bench regress --renew")
    if "NEW" in found.values():
        yield "the baseline lacks an operation: ./x bench regress --renew"


def toolchain_changes(before, now):
    """What else may have changed the counts."""
    return [f"{name} is {now[name]}; the baseline holds for {before.get(name, 'absent')}"
            for name in now if now[name] != before.get(name, "absent")]


def renewed(baseline, counts, packages):
    """What is not counted this time stays as it is; what there is no more goes."""
    merged = {**baseline.get("instructions", {}), **counts}
    return {"toolchain": packages,
            "instructions": {name: merged[name] for name in OPERATIONS if name in merged}}


def require_means():
    """Callgrind shows programs a processor of its own, and the same one on all that have AVX2. So
    what libraries choose by the processor's features does not depend on the machine."""
    if " avx2 " not in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"):
        raise CannotMeasure("the processor has no AVX2: other code would run than the baseline's")
    for program in (BINARY, "valgrind", "vgdb", "dpkg-query"):
        if shutil.which(program) is None:
            raise CannotMeasure(f"there is no {program}")


def run(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--renew", action="store_true", help="write the baseline")
    parser.add_argument("--only", nargs="+", choices=OPERATIONS, default=list(OPERATIONS),
                        metavar="OPERATION", help=", ".join(f"'{name}'" for name in OPERATIONS))
    parser.add_argument("--profiles", type=pathlib.Path, metavar="DIRECTORY",
                        help="keep the profiles, for callgrind_annotate or KCachegrind")
    parser.add_argument("--baseline", type=pathlib.Path, default=BASELINE)
    options = parser.parse_args(arguments)

    baseline = json.loads(options.baseline.read_text()) if options.baseline.exists() else {}
    try:
        require_means()
        packages = toolchain()
        if options.profiles is not None:
            options.profiles.mkdir(parents=True, exist_ok=True)
        # On the disk of the build, as a server's data would be: what is in memory syncs at once.
        with tempfile.TemporaryDirectory(prefix="instructions.", dir=BINARY.parent) as work:
            counts = measure_all({name: OPERATIONS[name] for name in OPERATIONS
                                  if name in options.only}, pathlib.Path(work), options.profiles)
    except (CannotMeasure, subprocess.TimeoutExpired) as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return 2

    print(*report(baseline, counts), sep="\n")
    if options.renew:
        options.baseline.write_text(json.dumps(renewed(baseline, counts, packages), indent=2) + "\n")
        print(f"{options.baseline} is renewed")
        return 0
    for change in toolchain_changes(baseline.get("toolchain", {}), packages):
        print(change)
    return 1 if {"GREW", "NEW"} & set(verdicts(baseline, counts).values()) else 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(run(sys.argv[1:]))
