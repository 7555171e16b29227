"""What Millrace must reach, and whether the results do."""

from . import figures
from .figures import median, quotient
from .workloads import WORKLOADS

ALIKE = ("dynamodb-local", "dynalite")
TIMES_DYNAMODB_LOCAL = {"get": 10, "put": 15, "counter": 10, "query": 10, "batch": 10,
                        "transact": 10}


def rows(cells):
    """Lines of the goal, the figure, and whether it is reached; those that can be told."""
    return [row for row in (*times_dynamodb_local(cells), of_nginx(cells), tails(cells),
                            verification(cells), *starts(cells), *large(cells), cores(cells),
                            *memory(cells)) if row]


def line(goal, figure, reached):
    return [goal, figure, "yes" if reached else "**no**"]


def times_dynamodb_local(cells):
    for workload, wanted in TIMES_DYNAMODB_LOCAL.items():
        name = f"main/{workload}"
        times = quotient(median(cells, name, "millrace"), median(cells, name, "dynamodb-local"))
        if times:
            yield line(f"{WORKLOADS[workload].title}{', fsync' if WORKLOADS[workload].writes else ''}: "
                       f"at least {wanted} × DynamoDB Local in memory",
                       figures.ratio(times), times >= wanted)


def of_nginx(cells):
    part = quotient(median(cells, "main/get", "millrace"), median(cells, "main/get", "nginx"))
    return part and line("GetItem: at least 60 % of nginx answering a constant",
                         f"{100 * part:.0f} %", part >= 0.6)


def tails(cells):
    """p99 at 32 connections below every peer's p50."""
    compared, beyond = 0, []
    for workload, about in WORKLOADS.items():
        name = f"main/{workload}"
        own = median(cells, name, "millrace", "p99")
        others = [value for peer in ALIKE if (value := median(cells, name, peer, "p50"))]
        if own is None or not others or about.connections != 32:
            continue
        compared += 1
        if own >= min(others):
            beyond.append(f"{about.title} {figures.milliseconds(own)} ms, "
                          f"{figures.milliseconds(min(others))} ms")
    return compared and line("p99 at 32 connections below every peer's p50",
                             "; ".join(beyond) or f"all {compared} workloads", not beyond)


def verification(cells):
    part = quotient(median(cells, "auth/get", "millrace-auth"),
                    median(cells, "auth/get", "millrace"))
    return part and line("verifying signatures takes at most 10 % of GetItem's throughput",
                         f"{100 * (1 - part):.1f} %", part >= 0.9)


def starts(cells):
    empty = figures.statistics.median(cells["start/empty"]["servers"]["millrace"]["ms"]) \
        if "start/empty" in cells else None
    if empty is not None:
        yield line("cold start, empty directory: at most 50 ms", f"{empty:.0f} ms", empty <= 50)
        idle = cells["start/empty"]["servers"]["millrace"]["rss_mb"]
        yield line("idle memory: at most 30 MB", f"{idle:.1f} MB", idle <= 30)
    if "start/large" in cells:
        found = figures.statistics.median(cells["start/large"]["servers"]["evicted"]["ms"])
        yield line(f"cold start, {cells['start/large']['items']:,} items: at most 1 s",
                   f"{found:.0f} ms", found <= 1000)


def large(cells):
    for name, cell in cells.items():
        if not name.startswith("million/"):
            continue
        sizes = sorted(cell["servers"], key=int)
        workload, connections = name.split("/")[1].rsplit("-", 1)
        times = quotient(median(cells, name, sizes[-1], "p50"), median(cells, name, sizes[0], "p50"))
        if times:
            yield line(f"{WORKLOADS[workload].title}, {connections} connection"
                       f"{'s' if connections != '1' else ''}: p50 at {int(sizes[-1]):,} items at most "
                       f"1.5 × that at {int(sizes[0]):,}", f"{times:.2f} ×", times <= 1.5)


def cores(cells):
    """By the server's CPU for a request, since the generator takes part of the second core."""
    one, two = (median(cells, "cores/get", name, "server_cpu_us")
                for name in ("one-core", "two-cores"))
    times = quotient(one, two)
    return times and line("GetItem, two cores: at least 1.7 × one core, where the generator leaves room",
                          f"{2 * times:.2f} × by CPU a request", 2 * times >= 1.7)


def memory(cells):
    if "soak" not in cells:
        return
    samples = [value for _, value in cells["soak"]["rss_mb"]]
    half, highest = max(samples[:len(samples) // 2 + 1]), max(samples)
    yield line("memory bounded in a soak: the second half's peak at most 5 % above the first's",
               f"{half:.0f} MB, {highest:.0f} MB", highest <= 1.05 * half)
