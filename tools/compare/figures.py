"""Medians out of the results, and how figures are written."""

import statistics


def median(cells, name, server, field="rate"):
    """Of a cell's turns on the server; None when there are none."""
    turns = cells.get(name, {}).get("servers", {}).get(server, {}).get("turns", [])
    return median_of(turns, field)


def median_of(turns, field):
    return statistics.median(turn[field] for turn in turns) if turns else None


def errors(cells, name, server):
    turns = cells.get(name, {}).get("servers", {}).get(server, {}).get("turns", [])
    return sum(sum(turn["errors"].values()) for turn in turns)


def rate(value):
    return "" if value is None else f"{value:,.0f}"


def milliseconds(microseconds):
    if microseconds is None:
        return ""
    value = microseconds / 1000
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def latencies(cells, name, server):
    """p50 and p99."""
    middle, high = (median(cells, name, server, field) for field in ("p50", "p99"))
    return "" if middle is None else f"{milliseconds(middle)}, {milliseconds(high)}"


def number(value, digits=1, unit=""):
    return "" if value is None else f"{value:,.{digits}f}{unit}"


def ratio(value):
    return "" if value is None else f"{value:.1f} ×" if value < 100 else f"{value:.0f} ×"


def quotient(one, other):
    return None if one is None or not other else one / other


def change(after, before):
    """In percent, with its sign."""
    value = quotient(after, before)
    return "" if value is None else f"{100 * (value - 1):+.1f} %"


def table(head, rows):
    """In Markdown, without the columns that are empty in all rows."""
    used = [0] + [column for column in range(1, len(head)) if any(row[column] for row in rows)]
    lines = [[head[column] for column in used], ["---"] * len(used),
             *([str(row[column]) for column in used] for row in rows)]
    return "\n".join("|" + "|".join(f" {cell} " if cell != "---" else cell for cell in line) + "|"
                     for line in lines) + "\n"
