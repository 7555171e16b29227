"""`./x bench compare`."""

import shutil
import signal
import sys
import time

from . import machine, options, parts, peers, report
from .results import Results
from .run import Run


def measure(chosen, results):
    chosen.work.mkdir(parents=True, exist_ok=True)
    if set(chosen.peers) - {"nginx"}:
        peers.install(chosen.build)
    results.data["machine"] = machine.describe(chosen.work)
    results.data["versions"] |= peers.versions(chosen.build, chosen.peers)
    run = Run(chosen, results)
    try:
        for name in parts.PARTS:
            if name not in chosen.parts:
                continue
            begin = time.monotonic()
            parts.PARTS[name].measure(run)
            run.say(f"part {name}: {(time.monotonic() - begin) / 60:.1f} minutes")
    finally:
        for path in chosen.work.iterdir():
            kept = path == chosen.output or (chosen.keep_data and path.name.startswith("large"))
            if not kept and path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif not kept:
                path.unlink()


def main():
    chosen = options.parse(sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    stamp = {"commit": machine.commit(options.ROOT), "turns": chosen.turns,
             "seconds": chosen.seconds}
    results = Results(chosen.output / "performance" / "results.json", stamp)
    if not chosen.fresh:
        results.read()
    if not chosen.render:
        measure(chosen, results)
    results.write()
    report.write(results.data, chosen.output)


main()
