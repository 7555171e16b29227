"""What to measure, how long, and where the results go."""

import argparse
import dataclasses
import os
import pathlib

from . import parts, workloads
from .servers import MODES, PEERS

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"


@dataclasses.dataclass
class Scale:
    """How much work the parts do; --quick does little, to see that they work."""
    items: int = 10_000
    large_items: tuple = (10_000, 1_000_000, 10_000_000)
    warm_up_seconds: float = 45
    peer_warm_up_seconds: float = 15
    tables: int = 10_000
    idle_connections: int = 10_000
    soak_items: int = 1_000_000
    soak_seconds: float = 600
    soak_slices: int = 10
    starts: int = 10
    trigger_puts: int = 500


QUICK = Scale(items=500, large_items=(500, 2_000), warm_up_seconds=0.5,
              peer_warm_up_seconds=0.5, tables=30,
              idle_connections=100, soak_items=500, soak_seconds=2, soak_slices=2, starts=2,
              trigger_puts=20)


def chosen(known):
    def parse(text):
        names = [] if text == "none" else text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"'{name}' is none of {', '.join(known)}")
        return tuple(names)
    return parse


def counts(text):
    return tuple(sorted(int(count) for count in text.split(",")))


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="./x bench compare",
        description="Measures Millrace beside other servers, in turns, and renews docs/performance.md, "
        "its plots and docs/performance/results.json. Goes on with what is missing there at this "
        "commit.",
        epilog="Parts, with minutes: " + ", ".join(
            f"{name} {part.minutes}" for name, part in parts.PARTS.items()))
    add_choices(parser)
    parser.add_argument("--turns", type=int, help="of each server; 5")
    parser.add_argument("--seconds", type=float, help="of a turn; 2")
    parser.add_argument("--soak-seconds", type=float, help="600")
    parser.add_argument("--large-items", type=counts, metavar="N,N",
                        help="of the parts million and start; 10000,1000000,10000000")
    parser.add_argument("--quick", action="store_true",
                        help="little of everything, to see that it works: below build/, not in docs/")
    parser.add_argument("--only", action="append", metavar="CELL", default=[],
                        help="measure this anew and nothing else: main, main/get, …; can be repeated")
    parser.add_argument("--fresh", action="store_true", help="forget the results there are")
    parser.add_argument("--render", action="store_true",
                        help="measure nothing, write tables and plots of the results there are")
    parser.add_argument("--output", type=pathlib.Path, metavar="DIR",
                        help="holds performance.md and performance/; docs")
    parser.add_argument("--work", type=pathlib.Path, metavar="DIR", default=BUILD / "compare",
                        help="of the servers' data, on a real disk; build/compare")
    parser.add_argument("--keep-data", action="store_true",
                        help="keep the large table, which takes minutes to load, for another run")
    options = parser.parse_args(arguments)
    options.scale = dataclasses.replace(QUICK) if options.quick else Scale()
    options.turns = options.turns or (1 if options.quick else 5)
    options.seconds = options.seconds or (0.5 if options.quick else 2)
    if options.soak_seconds:
        options.scale.soak_seconds = options.soak_seconds
    if options.large_items:
        options.scale.large_items = options.large_items
    options.output = options.output or (options.work / "quick" if options.quick else ROOT / "docs")
    options.millrace = pathlib.Path(
        os.environ.get("MILLRACE_BINARY", BUILD / "release/millrace"))
    options.build = BUILD
    if options.only:
        options.parts = tuple(dict.fromkeys(cell.split("/")[0] for cell in options.only))
        for part in options.parts:
            if part not in parts.PARTS:
                parser.error(f"--only: there is no part '{part}'")
    return options


def add_choices(parser):
    parser.add_argument("--parts", type=chosen(parts.PARTS), default=tuple(parts.PARTS),
                        help=",".join(parts.PARTS))
    parser.add_argument("--workloads", type=chosen(workloads.WORKLOADS),
                        default=tuple(workloads.WORKLOADS), help=",".join(workloads.WORKLOADS))
    parser.add_argument("--peers", type=chosen(PEERS), default=PEERS,
                        help=",".join(PEERS) + ", or none")
    parser.add_argument("--modes", type=chosen(MODES), default=tuple(MODES),
                        help="of Millrace: " + ",".join(MODES))
