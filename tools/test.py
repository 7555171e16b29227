"""Runs test suites in order and sums their totals: test.py [SUITE [ARGUMENT...]].

Suites: the C++ tests as `unit` (release), `asan` and `tsan`; and every tests/NAME/run, a program
that prints its totals as its last line, "N passed, N failed". Without a suite: `asan` of the C++
tests, and every other suite.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOTALS = re.compile(r"^(\d+) passed, (\d+) failed$")
CTEST_FLAVOURS = {"unit": "release", "asan": "asan", "tsan": "tsan"}
SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "TSAN_OPTIONS": "ignore_noninstrumented_modules=1:halt_on_error=1:"
                    f"suppressions={ROOT}/tools/tsan.supp",
}


def build(flavour, *targets):
    return subprocess.run([ROOT / "tools/build.sh", flavour, *targets]).returncode == 0


def run_cpp_tests(suite, arguments):
    """Builds and runs the GoogleTest programs of a flavour; counts their test cases."""
    flavour = CTEST_FLAVOURS[suite]
    if not build(flavour):
        return 0, 1
    results = ROOT / "build" / flavour / "test-results"
    shutil.rmtree(results, ignore_errors=True)
    environment = {**os.environ, **SANITIZER_OPTIONS, "GTEST_OUTPUT": f"json:{results}/"}
    command = ["ctest", "--test-dir", ROOT / "build" / flavour, "--output-on-failure",
               "--no-tests=error", "--timeout", "600", "-j", str(os.cpu_count()), *arguments]
    status = subprocess.run(command, env=environment).returncode
    passed = failed = 0
    for report in results.glob("*.json"):
        totals = json.loads(report.read_text())
        bad = totals["failures"] + totals["errors"]
        passed += totals["tests"] - bad - totals["disabled"]
        failed += bad
    # A program that crashed left no report.
    return passed, failed if status == 0 else max(failed, 1)


def run_suite(suite, arguments):
    """Runs tests/NAME/run against the release build, holding back its closing line."""
    if not build("release", "millrace"):
        return 0, 1
    process = subprocess.Popen([ROOT / "tests" / suite / "run", *arguments],
                               stdout=subprocess.PIPE, text=True, errors="replace")
    totals = None
    for line in process.stdout:
        match = TOTALS.match(line.rstrip("\n"))
        if match:
            totals = int(match[1]), int(match[2])
        else:
            print(line, end="", flush=True)
    status = process.wait()
    if totals is None:
        return 0, 1
    passed, failed = totals
    return passed, failed if status == 0 and passed + failed > 0 else max(failed, 1)


def main():
    own_suites = sorted(path.parent.name for path in ROOT.glob("tests/*/run"))
    known = [*CTEST_FLAVOURS, *own_suites]
    chosen = sys.argv[1:2] or ["asan", *own_suites]
    arguments = sys.argv[2:]
    if chosen[0] not in known:
        print(f"unknown suite '{chosen[0]}': {' '.join(known)}", file=sys.stderr)
        return 2

    lines = []
    passed_sum = failed_sum = 0
    for suite in chosen:
        print(f"--- {suite}", flush=True)
        start = time.monotonic()
        run = run_cpp_tests if suite in CTEST_FLAVOURS else run_suite
        passed, failed = run(suite, arguments)
        seconds = time.monotonic() - start
        lines.append(f"  {suite:10} {passed:6} ok {failed:4} failed {seconds:7.1f} s")
        passed_sum += passed
        failed_sum += failed
    print("---", *lines, sep="\n")
    print(f"{passed_sum} passed, {failed_sum} failed", flush=True)
    return 1 if failed_sum else 0


sys.exit(main())
