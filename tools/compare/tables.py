"""The results as Markdown."""

import statistics

from . import figures, goals
from .figures import change, latencies, median, milliseconds, number, quotient, rate, ratio, \
    table
from .servers import TITLES
from .workloads import WORKLOADS

COMPARED = ("millrace", "dynamodb-local", "dynalite", "nginx")


def document(data):
    """All that the results have, in the order of the parts."""
    cells = data["cells"]
    sections = [introduction(data), goals_section(cells), *main_sections(cells),
                variations(cells, "connections", "Connections"),
                variations(cells, "sizes", "Sizes of items"), auth(cells), cores(cells),
                million(cells), starts(cells), tables(cells), idle(cells), soak(cells),
                triggers(cells), failures(cells)]
    return "\n".join(section for section in sections if section)


def introduction(data):
    machine = data["machine"]
    stamps = {tuple(sorted(cell["stamp"].items())): cell["stamp"] for cell in data["cells"].values()}
    runs = "; ".join(f"commit {stamp['commit']}, medians of {stamp['turns']} turns of "
                     f"{stamp['seconds']:g} s" for stamp in stamps.values())
    dates = sorted({cell["date"] for cell in data["cells"].values()})
    return (f"{machine['cores']} cores ({machine['cpu']}), {machine['memory_gib']:g} GiB, "
            f"{machine['system']}, Linux {machine['kernel']}; a 4 KiB append with fdatasync takes "
            f"{machine['fdatasync_ms']:g} ms. {'; '.join(data['versions'].values())}. "
            f"Millrace at {runs}. {' to '.join(sorted({dates[0], dates[-1]})) if dates else ''}.\n\n"
            "`./x bench compare`: one load generator, `millrace bench`, on the same cores, signs every "
            "request; the servers take turns. Raw: "
            "[performance/results.json](performance/results.json).\n")


def goals_section(cells):
    rows = goals.rows(cells)
    return rows and "### Goals\n\n" + table(["goal", "measured", "reached"], rows)


def main_sections(cells):
    names = [name for name in WORKLOADS if f"main/{name}" in cells]
    if not names:
        return
    shown = [server for server in TITLES
             if any(server in cells[f"main/{name}"]["servers"] for name in names)]
    heads = [TITLES[server] for server in shown]
    items = cells[f"main/{names[0]}"]["load"]["items"]
    yield ("### Every workload\n\n32 connections with one request in flight on each unless said, "
           f"{items:,} items of 1 KB. Requests a second:\n\n" + table(
               ["", *heads, "× DynamoDB Local", "× dynalite"],
               [[WORKLOADS[name].title,
                 *(rate(median(cells, f"main/{name}", server)) for server in shown),
                 *(ratio(quotient(median(cells, f"main/{name}", "millrace"),
                                  median(cells, f"main/{name}", peer)))
                   for peer in ("dynamodb-local", "dynalite"))] for name in names]) +
           "\n![Requests a second by workload](performance/main.svg)\n")
    many = [name for name in names if WORKLOADS[name].entries > 1 or WORKLOADS[name].entry_count]
    if many:
        yield "Items or records a second, of requests with many:\n\n" + table(
            ["", *heads],
            [[WORKLOADS[name].title,
              *(rate(median(cells, f"main/{name}", server, "entries_rate")) for server in shown)]
             for name in many])
    yield ("p50 and p99 in ms:\n\n" + table(
        ["", *heads], [[WORKLOADS[name].title,
                        *(latencies(cells, f"main/{name}", server) for server in shown)]
                       for name in names]) +
        "\n![p50 to p99 by workload](performance/latency.svg)\n")
    yield "The server's CPU for each request in µs, and its memory afterwards in MB:\n\n" + table(
        ["", *heads], [[WORKLOADS[name].title, *(cost(cells, f"main/{name}", server)
                                                 for server in shown)] for name in names])
    counted = [[WORKLOADS[name].title, *(rate(cells[f"main/{name}"]["servers"].get(server, {}).get(
        "instructions")) for server in shown)] for name in names]
    if any(any(row[1:]) for row in counted):
        yield "The server's instructions for each request:\n\n" + table(["", *heads], counted)


def cost(cells, name, server):
    cpu = median(cells, name, server, "server_cpu_us")
    return "" if cpu is None else f"{cpu:,.0f}, {median(cells, name, server, 'rss_mb'):,.0f}"


def variations(cells, part, title):
    names = varied(cells, part)
    if not names:
        return None
    rows = []
    for name in names:
        load = cells[name]["load"]
        what = (connections_of(load["connections"]) if part == "connections"
                else f"{load['item_bytes']:,} bytes")
        rows.append([f"{WORKLOADS[load['workload']].title}, {what}",
                     *(described(cells, name, server) for server in COMPARED)])
    plot = "\n![By connections](performance/connections.svg)\n" if part == "connections" else ""
    return (f"### {title}\n\nRequests a second; p50, p99 in ms:\n\n" +
            table(["", *(TITLES[server] for server in COMPARED)], rows) + plot)


def varied(cells, part):
    """The part's cells and what main has between them, by workload."""
    names = [name for name in cells if name.startswith(part + "/")]
    if names:
        names += [name for name in ("main/get", "main/put") if name in cells]
    return sorted(names, key=lambda name: (
        cells[name]["load"]["workload"], cells[name]["load"]["item_bytes"],
        cells[name]["load"]["connections"]))


def described(cells, name, server):
    value = median(cells, name, server)
    return "" if value is None else f"{rate(value)}; {latencies(cells, name, server)}"


def auth(cells):
    rows = []
    for name in (name for name in ("auth/get", "auth/put") if name in cells):
        rows.append([WORKLOADS[name.split("/")[1]].title]
                    + [f"{rate(median(cells, name, server))}, "
                       f"{number(median(cells, name, server, 'server_cpu_us'), unit=' µs')}"
                       for server in ("millrace", "millrace-auth")]
                    + [change(median(cells, name, "millrace-auth"), median(cells, name, "millrace"))])
    return rows and ("### Enforced mode\n\nRequests a second, and the server's CPU for each:\n\n" +
                     table(["", "open", "enforced", "throughput"], rows))


def cores(cells):
    rows = []
    for name in (name for name in cells if name.startswith("cores/")):
        one, two = (median(cells, name, server) for server in ("one-core", "two-cores"))
        cpu = [median(cells, name, server, "server_cpu_us") for server in ("one-core", "two-cores")]
        rows.append([WORKLOADS[name.split("/")[1]].title, rate(one), rate(two), ratio(quotient(two, one)),
                     f"{number(cpu[0])}, {number(cpu[1])}",
                     number(quotient(cpu[0] and 2 * cpu[0], cpu[1]), 2, " ×")])
    return rows and (
        "### One core and two\n\nThe server pinned to them, the generator to the others; where there are "
        "none, to all. Two cores that the generator does not share would make, by the CPU that a request "
        "takes, the last column:\n\n" +
        table(["", "one, requests/s", "two, requests/s", "", "CPU µs, one and two",
               "two cores for the server"], rows))


def connections_of(count):
    return "1 connection" if int(count) == 1 else f"{count} connections"


def million(cells):
    rows = []
    for name in sorted(name for name in cells if name.startswith("million/")):
        workload, connections = name.split("/")[1].rsplit("-", 1)
        sizes = sorted(cells[name]["servers"], key=int)
        for size in sizes:
            rows.append([f"{WORKLOADS[workload].title}, {connections_of(connections)}", f"{int(size):,}",
                         rate(median(cells, name, size)), latencies(cells, name, size),
                         ", ".join(number(quotient(median(cells, name, size, field),
                                                   median(cells, name, sizes[0], field)), 2)
                                   for field in ("p50", "p99"))])
    return rows and ("### Large tables\n\nItems of 256 bytes, all tables in one server:\n\n" + table(
        ["", "items", "requests/s", "p50, p99 in ms", "× the smallest"], rows))


def starts(cells):
    rows = []
    for name, values in cells.get("start/empty", {}).get("servers", {}).items():
        rows.append([f"{TITLES[name]}, nothing stored", *times(values), f"{values['rss_mb']:,.1f}"])
    large = cells.get("start/large", {})
    for name, values in large.get("servers", {}).items():
        where = "its files in the system's cache" if name == "cached" else "its files on the disk alone"
        rows.append([f"Millrace, {large['items']:,} items, {where}", *times(values),
                     f"{values['rss_mb']:,.1f}"])
    return rows and ("### Start\n\nFrom exec until it listens, in ms:\n\n" + table(
        ["", "median", "from, to", "MB a second later"], rows))


def times(values):
    return [f"{statistics.median(values['ms']):.0f}",
            f"{min(values['ms']):.0f}, {max(values['ms']):.0f}"]


def beside(cells, part, without, with_them, title):
    """Of a part that compares the same workloads without and with something."""
    rows = []
    for workload, pairs in cells[part]["workloads"].items():
        before, after = (pairs[label]["turns"] for label in (without, with_them))
        rows.append([WORKLOADS[workload].title,
                     *(f"{rate(figures.median_of(turns, 'rate'))}; "
                       f"{milliseconds(figures.median_of(turns, 'p50'))}, "
                       f"{milliseconds(figures.median_of(turns, 'p99'))}" for turns in (before, after)),
                     change(figures.median_of(after, "rate"), figures.median_of(before, "rate"))])
    return table(["requests a second; p50, p99 in ms", "without", title, "throughput"], rows)


def tables(cells):
    if "tables" not in cells:
        return None
    cell = cells["tables"]
    return (f"### Many tables\n\n{cell['tables']:,} tables more in the server, made in "
            f"{cell['make_seconds']:.0f} s: {cell['rss_mb']['many']:,.0f} MB of memory, "
            f"{cell['rss_mb']['few']:,.0f} MB without.\n\n" +
            beside(cells, "tables", "few", "many", f"with {cell['tables']:,} tables"))


def idle(cells):
    if "idle" not in cells:
        return None
    cell = cells["idle"]
    return (f"### Idle connections\n\n{cell['connections']:,} connections that have asked once take "
            f"{cell['kb_each']:.1f} KB of memory each.\n\n" +
            beside(cells, "idle", "none", "idle", f"with {cell['connections']:,} connections"))


def soak(cells):
    if "soak" not in cells:
        return None
    cell = cells["soak"]
    rates = [part["rate"] for part in cell["slices"]]
    samples = [value for _, value in cell["rss_mb"]]
    return (f"### Soak\n\n{cell['seconds']:.0f} s of half GetItem, a quarter PutItem and a quarter "
            f"UpdateItem on {cell['items']:,} items of 1 KB, with a block cache of {cell['cache_mib']} MiB: "
            f"{min(rates):,.0f} to {max(rates):,.0f} requests/s in the {len(rates)} parts, memory from "
            f"{samples[0]:,.0f} MB at the start to {samples[-1]:,.0f} MB at the end, at most "
            f"{max(samples):,.0f} MB.\n\n![Memory over time](performance/soak.svg)\n")


def triggers(cells):
    rows = [[name, *(f"{values[field]:.2f}" for field in ("p50_ms", "p99_ms", "max_ms"))]
            for name, values in cells.get("triggers", {}).get("runtimes", {}).items()]
    return rows and ("### Triggers\n\nFrom the answer to a put until the function is called, in ms:\n\n" +
                     table(["", "p50", "p99", "max"], rows))


def failures(cells):
    """What was answered with errors is said, not hidden in a median."""
    lines = []
    for name, cell in cells.items():
        for server, values in cell.get("servers", {}).items():
            if "failure" in values:
                lines.append(f"- {name}, {server}: {values['failure']}")
            elif count := figures.errors(cells, name, server) if "turns" in values else 0:
                lines.append(f"- {name}, {server}: {count} failed requests")
    return lines and "Failures:\n\n" + "\n".join(lines) + "\n"
