"""`./x bench compare`."""

import signal
import sys
import time
import traceback

from . import growth, machine, options, parts, peers, report, servers
from .results import Results
from .run import Run


def measure(chosen, results):
    chosen.work.mkdir(parents=True, exist_ok=True)
    if set(chosen.peers) - {"nginx"}:
        peers.install(chosen.build)
    results.data["machine"] = machine.describe(chosen.work)
    results.data["versions"] |= peers.versions(chosen.build, chosen.peers)
    run = Run(chosen, results)
    failed = False
    try:
        for name in parts.PARTS:
            if name not in chosen.parts:
                continue
            begin = time.monotonic()
            try:
                parts.PARTS[name].measure(run)
            except Exception:  # the other parts go on
                traceback.print_exc()
                failed = True
            run.say(f"part {name}: {(time.monotonic() - begin) / 60:.1f} minutes")
    finally:
        run.launcher.remove_directories()
        if not chosen.keep_data:
            growth.remove_large_tables(run)
    return not failed


def main():
    chosen = options.parse(sys.argv[1:])
    servers.raise_descriptor_limit()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    stamp = {"commit": machine.commit(options.ROOT), "turns": chosen.turns,
             "seconds": chosen.seconds}
    results = Results(chosen.output / "performance" / "results.json", stamp)
    if not chosen.fresh:
        results.read()
    if chosen.render and not results.cells:
        sys.exit(f"there are no results in {results.path}")
    succeeded = chosen.render or measure(chosen, results)
    results.write()
    report.write(results.data, chosen.output)
    return 0 if succeeded else 1


sys.exit(main())
