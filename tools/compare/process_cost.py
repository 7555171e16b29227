"""What processes cost: CPU time, memory, and instructions where perf can count them."""

import os
import pathlib
import shutil
import subprocess

TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")


def with_children(pid):
    """The process and all below it."""
    pids = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in task.read_text().split():
                pids += with_children(int(child))
        except OSError:  # it has just ended
            pass
    return pids


def cpu_seconds(pids):
    """User and system time of all their threads, those that have ended too."""
    total = 0
    for pid in pids:
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total * TICK_SECONDS


def memory_megabytes(pids, name="VmRSS"):
    """Resident memory now, or its peak with VmHWM, in MB of a million bytes."""
    total = 0
    for pid in pids:
        try:
            lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith(name + ":"))
    return total * 1024 / 1e6


def perf_arguments(pids, output):
    """Of a program that counts instructions of the processes while the command behind it runs."""
    return ["perf", "stat", "-x", ",", "-o", str(output), "-e", "instructions",
            "-p", ",".join(map(str, pids)), "--"]


def perf_count(text):
    """The count in perf's output; None when it could not count."""
    for line in text.splitlines():
        fields = line.split(",")
        if len(fields) > 2 and fields[2].startswith("instructions") and fields[0].isdigit():
            return int(fields[0])
    return None


def perf_works():
    if not shutil.which("perf"):
        return False
    result = subprocess.run(["perf", "stat", "-x", ",", "-e", "instructions", "true"],
                            capture_output=True, text=True)
    return perf_count(result.stderr) is not None
