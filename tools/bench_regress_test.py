"""bench_regress.py must find what grew, and its counts must be of what was counted."""

import contextlib
import io
import json
import pathlib
import tempfile
import unittest
from unittest import mock

import bench_regress
import callgrind

BASELINE = {"toolchain": {"g++-12": "12.2.0"},
            "instructions": {"GetItem": 100_000, "PutItem": 200_000}}
PROFILE = """# callgrind format
version: 1
events: Ir
summary: 7

fn=(1) main
5 1000
calls=1 0
6 8000000

totals: 12345
"""


class VerdictTest(unittest.TestCase):
    def verdict(self, get_item):
        counts = {"GetItem": get_item, "PutItem": 200_000}
        found = bench_regress.verdicts(BASELINE, counts)
        self.assertEqual(found["PutItem"], "good")
        return found["GetItem"]

    def test_up_to_five_percent_is_good(self):
        self.assertEqual([self.verdict(count) for count in (100_000, 105_000, 95_000)],
                         ["good"] * 3)

    def test_more_has_grown(self):
        self.assertEqual(self.verdict(105_001), "GREW")

    def test_less_has_fallen(self):
        self.assertEqual(self.verdict(94_999), "FELL")

    def test_unknown_operation_is_new(self):
        self.assertEqual(bench_regress.verdicts(BASELINE, {"Scan": 1}), {"Scan": "NEW"})

    def test_report_tells_both_counts(self):
        lines = list(bench_regress.report(BASELINE, {"GetItem": 110_000, "PutItem": 150_000}))
        self.assertEqual(lines[:2], [
            "GetItem: GREW: 110,000 instructions, +10.0% of the baseline's 100,000",
            "PutItem: FELL: 150,000 instructions, -25.0% of the baseline's 200,000"])
        self.assertIn("--renew", lines[3])


class RunTest(unittest.TestCase):
    def run_with(self, counts, *arguments):
        """The status, and the baseline afterwards; with the counts instead of a server's."""
        with tempfile.TemporaryDirectory() as directory, \
                contextlib.redirect_stdout(io.StringIO()) as self.stdout, \
                contextlib.redirect_stderr(io.StringIO()), \
                mock.patch.object(bench_regress, "measure_all", counts), \
                mock.patch.object(bench_regress, "BINARY", pathlib.Path(directory) / "millrace"), \
                mock.patch.object(bench_regress, "require_means"), \
                mock.patch.object(bench_regress, "toolchain", lambda: {"g++-12": "12.3.0"}):
            baseline = pathlib.Path(directory) / "baseline.json"
            baseline.write_text(json.dumps(BASELINE))
            status = bench_regress.run(["--baseline", str(baseline), *arguments])
            return status, json.loads(baseline.read_text())

    def test_growth_fails_and_writes_nothing(self):
        self.assertEqual(self.run_with(lambda *_: {"GetItem": 105_001}), (1, BASELINE))
        self.assertIn("g++-12 is 12.3.0; the baseline holds for 12.2.0", self.stdout.getvalue())

    def test_fall_passes(self):
        self.assertEqual(self.run_with(lambda *_: {"GetItem": 50_000}), (0, BASELINE))

    def test_new_operation_fails(self):
        self.assertEqual(self.run_with(lambda *_: {"UpdateItem": 50_000}), (1, BASELINE))

    def test_renew_writes_what_was_counted_and_keeps_the_rest(self):
        status, baseline = self.run_with(lambda *_: {"GetItem": 300_000}, "--renew")
        self.assertEqual(status, 0)
        self.assertEqual(baseline, {"toolchain": {"g++-12": "12.3.0"},
                                    "instructions": {"GetItem": 300_000, "PutItem": 200_000}})

    def test_without_counts_it_is_no_success(self):
        def fail(*_):
            raise callgrind.CannotMeasure("no valgrind")
        self.assertEqual(self.run_with(fail), (2, BASELINE))


class TotalTest(unittest.TestCase):
    def test_total_is_of_all_threads(self):
        self.assertEqual(callgrind.total_of(PROFILE), 12345)

    def test_profile_without_total_is_refused(self):
        with self.assertRaises(callgrind.CannotMeasure):
            callgrind.total_of("version: 1\n")


class BaselineTest(unittest.TestCase):
    def test_committed_baseline_has_every_operation(self):
        baseline = json.loads(bench_regress.BASELINE.read_text())
        self.assertEqual(list(baseline["instructions"]), list(bench_regress.OPERATIONS))
        self.assertEqual(list(baseline["toolchain"]), list(bench_regress.TOOLCHAIN))


if __name__ == "__main__":
    unittest.main()
