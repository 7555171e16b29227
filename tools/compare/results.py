"""The results as JSON: cells by name, each with the commit and the settings it was measured with."""

import datetime
import json
import os
import pathlib


class Results:
    def __init__(self, path, stamp):
        """`stamp`: what a cell must have been measured with to count as there: commit, turns, …"""
        self.path = pathlib.Path(path)
        self.stamp = stamp
        self.data = {"machine": {}, "versions": {}, "cells": {}}

    def read(self):
        if self.path.exists():
            self.data = json.loads(self.path.read_text())
        return self

    @property
    def cells(self):
        return self.data["cells"]

    def has(self, name, servers=()):
        """Whether the cell is there, of all the servers."""
        cell = self.cells.get(name)
        return (cell is not None and cell["stamp"] == self.stamp and
                set(servers) <= set(cell.get("servers", ())))

    def put(self, name, values):
        """Kept at once: an interrupted run goes on behind it."""
        self.cells[name] = {"stamp": self.stamp, "date": datetime.date.today().isoformat(), **values}
        self.write()

    def write(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".new")
        beside.write_text(one_line_a_cell(self.data))
        os.replace(beside, self.path)


def one_line_a_cell(data):
    """JSON whose differences can be read."""
    others = {name: value for name, value in data.items() if name != "cells"}
    cells = ",\n".join(f"{json.dumps(name)}: {json.dumps(cell, sort_keys=True)}"
                       for name, cell in sorted(data["cells"].items()))
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(value, sort_keys=True)}"
                       for name, value in sorted(others.items()))
    return f'{{{lines},\n"cells": {{\n{cells}\n}}}}\n'
