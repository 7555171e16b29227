"""Builds and runs the targets of fuzz/: fuzz.py [--seconds N] [--target NAME]... [-- OPTION...].

Each runs for N seconds from its seeds, fuzz/corpus/NAME, and from what earlier runs found, which
build/fuzz/corpus/NAME keeps. Fails when one crashes, leaks or takes more than ten seconds for an
input; the input is then kept in build/fuzz/crashes/NAME. What follows `--` goes to libFuzzer.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FUZZ = ROOT / "fuzz"
BUILD = ROOT / "build/fuzz"
MODELS = ROOT / "src/api/models"
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1",
               "UBSAN_OPTIONS": "print_stacktrace=1"}


def targets():
    return sorted(path.stem for path in FUZZ.glob("*.cc"))


def words_of_models():
    """What requests are made of: operations, members and enumerated values."""
    words = {"S", "N", "B", "SS", "NS", "BS", "M", "L", "BOOL", "NULL"}
    for path in sorted(MODELS.glob("*.json")):
        model = json.loads(path.read_text())
        words.update(model["operations"])
        for shape in model["shapes"].values():
            words.update(shape.get("members", {}))
            words.update(shape.get("enum", []))
    return sorted(words)


def dictionary_of(target):
    """The path of the target's words for libFuzzer, or None."""
    if target != "request":
        path = FUZZ / f"{target}.dict"
        return path if path.exists() else None
    path = BUILD / "request.dict"
    path.write_text("".join(f'"\\"{word}\\""\n' for word in words_of_models()))
    return path


def run(target, seconds, options):
    found, crashes = BUILD / "corpus" / target, BUILD / "crashes" / target
    for directory in (found, crashes):
        directory.mkdir(parents=True, exist_ok=True)
    command = [BUILD / "fuzz" / f"fuzz_{target}", found, FUZZ / "corpus" / target,
               f"-max_total_time={seconds}", f"-artifact_prefix={crashes}/", "-timeout=10",
               "-max_len=8192", "-rss_limit_mb=2048", "-print_final_stats=1"]
    words = dictionary_of(target)
    if words:
        command.append(f"-dict={words}")
    output = subprocess.run([*command, *options], env=ENVIRONMENT, stderr=subprocess.PIPE,
                            text=True, errors="replace")
    if output.returncode != 0:
        print(output.stderr[-20000:])
        print(f"fuzz {target}: FAILED; its input is in {crashes}")
        return False
    executed = next((line.split()[-1] for line in output.stderr.splitlines()
                     if line.startswith("stat::number_of_executed_units")), "?")
    print(f"fuzz {target}: good, {executed} inputs", flush=True)
    return True


def main():
    parser = argparse.ArgumentParser(prog="./x fuzz", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--target", action="append", choices=targets())
    parser.add_argument("options", nargs="*", metavar="OPTION")
    arguments = parser.parse_args()
    chosen = arguments.target or targets()
    built = subprocess.run([ROOT / "tools/build.sh", "fuzz", *[f"fuzz_{name}" for name in chosen]])
    if built.returncode != 0:
        return 1
    results = [run(target, arguments.seconds, arguments.options) for target in chosen]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
