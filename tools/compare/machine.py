"""What the figures were measured on."""

import os
import pathlib
import platform
import re
import statistics
import subprocess
import time

APPENDS = 200


def first_match(path, pattern):
    found = re.search(pattern, pathlib.Path(path).read_text(), re.MULTILINE)
    return found[1] if found else "?"


def fdatasync_milliseconds(directory):
    """Of a 4 KiB append, the median."""
    path = pathlib.Path(directory) / "append"
    times = []
    with path.open("wb", buffering=0) as out:
        for _ in range(APPENDS):
            out.write(b"x" * 4096)
            begin = time.perf_counter()
            os.fdatasync(out.fileno())
            times.append((time.perf_counter() - begin) * 1000)
    path.unlink()
    return round(statistics.median(times), 3)


def describe(directory):
    """`directory`: of the servers' data."""
    return {
        "cpu": first_match("/proc/cpuinfo", r"^model name\s*:\s*(.+)$"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(int(first_match("/proc/meminfo", r"^MemTotal:\s+(\d+)")) / 2**20, 1),
        "kernel": ".".join(platform.release().split(".")[:2]),
        "system": first_match("/etc/os-release", r'^PRETTY_NAME="?([^"\n]+)'),
        "fdatasync_ms": fdatasync_milliseconds(directory),
    }


def commit(root):
    """The last that changed what is measured."""
    def git(*arguments):
        return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True,
                              text=True).stdout.strip()

    measured = ("src", "CMakeLists.txt")
    changed = "-changed" if git("status", "--porcelain", "--", *measured) else ""
    return (git("log", "-1", "--format=%h", "--", *measured) or "unknown") + changed
