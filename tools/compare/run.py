"""One run of the comparison: what the parts share."""

import sys
import time

from . import process_cost
from .load import Generator
from .servers import Launcher


class Run:
    def __init__(self, options, results):
        self.options = options
        self.results = results
        self.launcher = Launcher(options)
        self.generator = Generator(options.millrace)
        self.counts_instructions = process_cost.perf_works()
        self._begin = time.monotonic()

    def is_wanted(self, name, names=()):
        """Whether the cell is to be measured: with --only if it is named, else if it is missing."""
        only = self.options.only
        if only:
            return any(name == wanted or name.startswith(wanted + "/") for wanted in only)
        return not self.results.has(name, names)

    def say(self, text):
        seconds = int(time.monotonic() - self._begin)
        print(f"{seconds // 60:3}:{seconds % 60:02} {text}", file=sys.stderr, flush=True)
