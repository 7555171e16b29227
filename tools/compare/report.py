"""Writes the tables into performance.md between their markers, and the plots beside it."""

from . import plots, tables
from .figures import median
from .servers import TITLES
from .workloads import WORKLOADS

BEGIN = "<!-- ./x bench compare writes from here -->"
END = "<!-- to here -->"
COMPARED = ("millrace", "dynamodb-local", "dynalite", "nginx")


def between_markers(document, text):
    """`document` with `text` in the place of what is between the markers; behind all, without them."""
    if BEGIN not in document:
        return f"{document.rstrip()}\n\n{BEGIN}\n{text}{END}\n".lstrip()
    before, rest = document.split(BEGIN, 1)
    return f"{before}{BEGIN}\n{text}{END}{rest.split(END, 1)[1]}"


def drawings(cells):
    """File names to SVG, of what was measured."""
    found = {}
    names = [name for name in WORKLOADS if f"main/{name}" in cells]
    servers = [server for server in TITLES
               if any(server in cells[f"main/{name}"]["servers"] for name in names)]
    titles = [TITLES[server].replace("`", "") for server in servers]
    if names:
        found["main.svg"] = plots.points(
            "Requests a second", [(WORKLOADS[name].title, {
                title: value for server, title in zip(servers, titles)
                if (value := median(cells, f"main/{name}", server))}) for name in names],
            titles, "32 connections, items of 1 KB")
        found["latency.svg"] = plots.points(
            "From p50, the dot, to p99", [(WORKLOADS[name].title, {
                title: (middle / 1000, median(cells, f"main/{name}", server, "p99") / 1000)
                for server, title in zip(servers, titles)
                if (middle := median(cells, f"main/{name}", server, "p50"))}) for name in names],
            titles, "ms")
    if any(name.startswith("connections/") for name in cells):
        found["connections.svg"] = plots.lines(
            "GetItem, requests a second", by_connections(cells), "connections",
            names=[title.replace("`", "") for title in TITLES.values()], log_x=True)
    if "soak" in cells:
        found["soak.svg"] = plots.lines("Resident memory, MB",
                                        {"Millrace": cells["soak"]["rss_mb"]}, "seconds")
    return found


def by_connections(cells):
    series = {}
    for name, cell in cells.items():
        if not name.startswith("connections/get-") and name != "main/get":
            continue
        for server in COMPARED:
            value = median(cells, name, server)
            if value:
                series.setdefault(TITLES[server].replace("`", ""), []).append((cell["load"]["connections"], value))
    return {name: sorted(values) for name, values in series.items()}


def write(data, output):
    path = output / "performance.md"
    document = path.read_text() if path.exists() else "# Performance\n"
    path.write_text(between_markers(document, tables.document(data)))
    for name, drawing in drawings(data["cells"]).items():
        (output / "performance" / name).write_text(drawing)
