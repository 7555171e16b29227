"""Cells in which several servers take turns on one workload: A B C A B C …"""

import contextlib
import dataclasses
import os

from . import servers, workloads
from .load import Generator, Load, LoadError, table_arguments


@dataclasses.dataclass(frozen=True)
class Cell:
    name: str  # "main/get"
    load: Load
    servers: tuple


def chosen_servers(options, workload, modes, peers):
    """Names of those of the chosen ones that can do the workload."""
    found = [servers.MODES[mode] for mode in modes if mode in options.modes]
    found += [peer for peer in peers if peer in options.peers]
    if workload != "get":
        found = [name for name in found if name != "nginx"]
    return tuple(name for name in found if name not in workloads.WORKLOADS[workload].lacking)


def measure_cells(run, cells):
    """Those that are missing, on servers that all of the same item size share."""
    missing = [cell for cell in cells if run.is_wanted(cell.name, cell.servers)]
    for item_bytes in dict.fromkeys(cell.load.item_bytes for cell in missing):
        group = [cell for cell in missing if cell.load.item_bytes == item_bytes]
        names = list(dict.fromkeys(name for cell in group for name in cell.servers))
        with contextlib.ExitStack() as stack:
            started = {name: stack.enter_context(run.launcher.start(name, item_bytes=item_bytes))
                       for name in names}
            warm_up(run, group[0].load, started)
            for cell in group:
                measure_cell(run, cell, started)


def warm_up(run, load, started):
    """The peers compile what they run: without this their first cells would be slow."""
    for name in set(started) & {"dynamodb-local", "dynalite"}:
        plain = dataclasses.replace(load, workload="get")
        try:
            run.generator.prepare(started[name], plain)
            run.generator.run(started[name].endpoint, "--workload", "mixed", "--loaded",
                              "--seconds", run.options.scale.peer_warm_up_seconds,
                              *table_arguments(plain))
        except LoadError as error:  # its cells say so too
            run.say(f"{name}: {error}")


def measure_cell(run, cell, started, generators=None):
    """`generators`: by server name, where they differ."""
    def generator(name):
        return (generators or {}).get(name, run.generator)

    here = {name: started[name] for name in cell.servers}
    measured = {name: {"turns": []} for name in here}

    def attempt(name, action, *arguments):
        """None when the server cannot be measured, now or before: the others go on."""
        if "failure" in measured[name]:
            return None
        try:
            return action(here[name], cell.load, *arguments)
        except LoadError as error:
            run.say(f"{cell.name} {name}: {error}")
            measured[name]["failure"] = str(error)
            return None

    for name in here:
        attempt(name, generator(name).prepare)
    # The first turn is not counted: compilers and caches warm up.
    for turn in range(run.options.turns + 1):
        for name in here:
            servers.settle(started.values())
            result = attempt(name, generator(name).measure, run.options.seconds)
            if result is None:
                continue
            run.say(f"{cell.name} turn {turn} {name}: {result['rate']:,.0f}/s, p50 "
                    f"{result['p50'] / 1000:.2f} ms, {result['server_cpu_us']} µs of CPU"
                    + (f", errors {result['errors']}" if result["errors"] else ""))
            if turn > 0:
                measured[name]["turns"].append(result)
    if run.counts_instructions:
        for name in here:
            measured[name]["instructions"] = attempt(name, generator(name).instructions, 1)
    run.results.put(cell.name, {"load": dataclasses.asdict(cell.load), "servers": measured})


ALL_MODES = ("fsync", "os", "memory", "auth")
READ_MODES = ("fsync", "memory", "auth")  # they read alike whenever writes go to disk


def measure_main(run):
    """Every workload, at 32 connections with items of 1 KB."""
    measure_cells(run, [
        Cell(f"main/{name}",
             Load(name, run.options.scale.items, connections=workloads.WORKLOADS[name].connections),
             chosen_servers(run.options, name,
                            ALL_MODES if workloads.WORKLOADS[name].writes else READ_MODES, servers.PEERS))
        for name in run.options.workloads])


def measure_connections(run):
    """One and many; main has those between."""
    measure_cells(run, [
        Cell(f"connections/{name}-{connections}",
             Load(name, run.options.scale.items, connections=connections),
             chosen_servers(run.options, name, ("fsync",), servers.PEERS))
        for name in ("get", "put") for connections in (1, 256)])


def measure_sizes(run):
    # The largest items are fewer, so that servers that keep all in memory can keep them.
    items = {100: run.options.scale.items, 65_536: max(run.options.scale.items // 10, 25)}
    measure_cells(run, [
        Cell(f"sizes/{name}-{item_bytes}", Load(name, count, item_bytes=item_bytes),
             chosen_servers(run.options, name, ("fsync",), servers.PEERS))
        for item_bytes, count in items.items() for name in ("get", "put")])


def measure_auth(run):
    """What it costs to check who asks, and whether they may."""
    measure_cells(run, [Cell(f"auth/{name}", Load(name, run.options.scale.items),
                             ("millrace", "millrace-auth")) for name in ("get", "put")])


def measure_cores(run):
    """The same server pinned to one core and to two. The generator has the rest of the cores; where
    there is no rest, all of them."""
    cpus = sorted(os.sched_getaffinity(0))
    pins = {"one-core": cpus[:1], "two-cores": cpus[:2]}
    if len(cpus) < 2:
        run.say("cores: there is one only")
        return
    generators = {name: Generator(run.options.millrace, [cpu for cpu in cpus if cpu not in pinned])
                  for name, pinned in pins.items()}
    cells = [Cell(f"cores/{name}", Load(name, run.options.scale.items), tuple(pins))
             for name in ("get", "put", "query", "batch-get", "transact")]
    missing = [cell for cell in cells if run.is_wanted(cell.name, cell.servers)]
    if not missing:
        return
    with contextlib.ExitStack() as stack:
        started = {name: stack.enter_context(run.launcher.millrace(name, cpus=pinned))
                   for name, pinned in pins.items()}
        for cell in missing:
            measure_cell(run, cell, started, generators)
