"""Unit tests of what the comparison computes and writes; none of them starts a server."""

import argparse
import pathlib
import tempfile
import unittest
import xml.etree.ElementTree

from . import figures, goals, matrix, options, peers, plots, process_cost, report, servers, \
    tables
from .load import Load
from .results import Results
from .run import Run

STAMP = {"commit": "abc", "turns": 3, "seconds": 1}


def turn(rate, p50=400, p99=900, cpu=15.0, errors=None):
    return {"rate": rate, "entries_rate": rate * 2, "p50": p50, "p99": p99, "p99_9": p99, "max": p99,
            "server_cpu_us": cpu, "generator_cpu_us": 5, "rss_mb": 50, "errors": errors or {}}


def cell(**servers):
    """Of rates, one a turn, by server with underscores."""
    return {"stamp": STAMP, "date": "2026-11-22", "load": {
        "workload": "get", "items": 10, "item_bytes": 1024, "connections": 32}, "servers": {
            name.replace("_", "-"): {"turns": [turn(rate) for rate in rates]}
            for name, rates in servers.items()}}


def example():
    return {
        "machine": {"cpu": "Example", "cores": 2, "memory_gib": 8, "kernel": "6", "system": "Debian",
                    "fdatasync_ms": 0.2},
        "versions": {"nginx": "nginx 1"},
        "cells": {
            "main/get": cell(millrace=[60_000, 20, 50_000], dynamodb_local=[4_000], dynalite=[3_000],
                             nginx=[80_000]),
            "main/put": cell(millrace=[15_000], dynamodb_local=[1_500]),
            "connections/get-1": cell(millrace=[9_000]),
            "connections/get-256": cell(millrace=[60_000]),
            "soak": {"stamp": STAMP, "date": "2026-11-22", "seconds": 4, "items": 9, "cache_mib": 1,
                     "slices": [{"rate": 10, "p99": 3, "errors": {}}],
                     "rss_mb": [[0, 50], [1, 60], [2, 60], [3, 61]]}}}


class FiguresTest(unittest.TestCase):
    def test_medians_do_not_follow_one_turn(self):
        self.assertEqual(figures.median(example()["cells"], "main/get", "millrace"), 50_000)
        self.assertIsNone(figures.median(example()["cells"], "main/get", "unknown"))

    def test_tables_leave_out_empty_columns(self):
        self.assertEqual(figures.table(["a", "b", "c"], [["x", "", 1], ["y", "", 2]]),
                         "| a | c |\n|---|---|\n| x | 1 |\n| y | 2 |\n")

    def test_figures_have_as_many_digits_as_they_are_good_for(self):
        self.assertEqual([figures.milliseconds(value) for value in (390, 12_345, 456_789, None)],
                         ["0.39", "12.3", "457", ""])
        self.assertEqual(figures.change(90, 100), "-10.0 %")


class GoalsTest(unittest.TestCase):
    def reached(self, cells):
        return {goal.split(":")[0]: (figure, reached) for goal, figure, reached in goals.rows(cells)}

    def test_goals_that_are_missed_are_said(self):
        found = self.reached(example()["cells"])
        self.assertEqual(found["PutItem, fsync"], ("10.0 ×", "**no**"))
        self.assertEqual(found["memory bounded in a soak"], ("60 MB, 61 MB", "yes"))
        self.assertEqual(found["p99 at 32 connections below every peer's p50"],
                         ("GetItem 0.90 ms, 0.40 ms; PutItem 0.90 ms, 0.40 ms", "**no**"))
        self.assertIn(["GetItem: at least 10 × DynamoDB Local in memory", "12.5 ×", "yes"],
                      goals.rows(example()["cells"]))

    def test_what_was_not_measured_is_no_goal(self):
        self.assertEqual(goals.rows({}), [])

    def test_large_tables_are_compared_with_the_smallest(self):
        many = cell(**{"10000": [1], "1000000": [1]})
        many["servers"]["1000000"]["turns"][0]["p50"] = 800
        row, = goals.rows({"million/get-1": many})
        self.assertEqual(row[1:], ["2.00 ×", "**no**"])


class ReportTest(unittest.TestCase):
    def test_only_what_is_between_the_markers_changes(self):
        document = f"# Performance\n\nabove\n\n{report.BEGIN}\nold\n{report.END}\n\nbelow\n"
        changed = report.between_markers(document, "new\n")
        self.assertEqual(changed, document.replace("old", "new"))
        self.assertEqual(report.between_markers(changed, "new\n"), changed)
        self.assertTrue(report.between_markers("# P\n", "new\n").endswith("new\n" + report.END + "\n"))

    def test_documents_are_written_of_all_parts_and_of_few(self):
        text = tables.document(example())
        self.assertIn("| GetItem | 50,000 | 4,000 | 3,000 | 80,000 | 12.5 × | 16.7 × |", text)
        self.assertIn("commit abc, medians of 3 turns of 1 s", text)
        empty = {**example(), "cells": {}}
        self.assertNotIn("###", tables.document(empty))

    def test_what_failed_is_left_empty_in_every_part(self):
        dead = {"turns": [], "failure": "why"}
        beside = {"get": {"few": dead, "many": dead, "none": dead, "idle": dead}}
        data = example()
        for name, names in (("auth/get", ("millrace", "millrace-auth")),
                            ("cores/get", ("one-core", "two-cores")), ("million/get-1", ("5", "50")),
                            ("main/scan", ("millrace", "nginx")), ("sizes/get-100", ("millrace",))):
            data["cells"][name] = {**cell(), "servers": {server: dead for server in names}}
        data["cells"]["tables"] = {**cell(), "tables": 3, "make_seconds": 1.0,
                                   "rss_mb": {"few": 1, "many": 2}, "workloads": beside}
        data["cells"]["idle"] = {**cell(), "connections": 3, "kb_each": 1.0, "workloads": beside}
        text = tables.document(data)
        self.assertIn("- auth/get, millrace: why", text)
        self.assertIn("### Many tables", text)
        report.drawings(data["cells"])

    def test_failed_requests_are_not_hidden(self):
        data = example()
        data["cells"]["main/put"]["servers"]["millrace"]["turns"][0]["errors"] = {"Timeout": 2}
        self.assertIn("- main/put, millrace: 2 failed requests", tables.document(data))

    def test_drawings_are_xml_and_shown(self):
        with tempfile.TemporaryDirectory() as directory:
            output = pathlib.Path(directory)
            (output / "performance").mkdir()
            report.write(example(), output)
            drawn = sorted(path.name for path in output.glob("performance/*.svg"))
            self.assertEqual(drawn, ["connections.svg", "latency.svg", "main.svg", "soak.svg"])
            text = (output / "performance.md").read_text()
            for name in drawn:
                xml.etree.ElementTree.parse(output / "performance" / name)
                self.assertIn(f"(performance/{name})", text)


class PlotsTest(unittest.TestCase):
    def test_equal_values_and_none_can_be_drawn(self):
        for drawing in (plots.points("t", [("a", {"s": 100})], ["s"], "u"),
                        plots.points("t", [], [], "u"), plots.lines("t", {"s": [(1, 0)]}, "x"),
                        plots.lines("t", {}, "x"), plots.lines("<t>", {"s": [(1, 5), (9, 5)]}, "x")):
            xml.etree.ElementTree.fromstring(drawing)

    def test_a_larger_value_is_further_right(self):
        drawing = plots.points("t", [("a", {"s": 10, "r": 1000})], ["s", "r"], "u")
        root = xml.etree.ElementTree.fromstring(drawing)
        circles = [float(circle.get("cx")) for circle in root.iter("{http://www.w3.org/2000/svg}circle")]
        self.assertLess(circles[-2], circles[-1])


class PeersTest(unittest.TestCase):
    def test_the_constant_is_as_long_as_the_item(self):
        for item_bytes in (100, 1024, 65_536):
            answer = peers.nginx_answer(item_bytes)
            bare = len('{"Item":{"id":{"S":"item-000000000000"},"payload":{"S":""}}}')
            self.assertEqual(len(answer), bare + item_bytes - len("iditem-000000000000payload"))
            self.assertIn('"TableStatus":"ACTIVE"', answer)

    def test_no_word_of_the_configuration_is_too_long(self):
        text = peers.nginx_configuration(8000, "/tmp/x", 65_536)
        self.assertLess(max(map(len, text.splitlines())), 4096)
        self.assertIn('return 200 "$part0$part1', text)


class ChoiceTest(unittest.TestCase):
    def test_servers_are_those_that_can(self):
        chosen = options.parse(["--modes", "fsync,os", "--peers", "dynalite,nginx"])
        every = (matrix.ALL_MODES, servers.PEERS)
        self.assertEqual(matrix.chosen_servers(chosen, "get", *every),
                         ("millrace", "millrace-os", "dynalite", "nginx"))
        self.assertEqual(matrix.chosen_servers(chosen, "transact", *every),
                         ("millrace", "millrace-os"))

    def test_unknown_names_are_refused(self):
        with self.assertRaises(argparse.ArgumentTypeError):
            options.chosen(("a", "b"))("a,c")
        self.assertEqual(options.chosen(("a", "b"))("none"), ())

    def test_only_chooses_its_parts(self):
        self.assertEqual(options.parse(["--only", "main/get", "--only", "main/put"]).parts, ("main",))


class ResumeTest(unittest.TestCase):
    def run_of(self, arguments, directory, stamp):
        results = Results(pathlib.Path(directory) / "results.json", stamp).read()
        return Run(options.parse(arguments), results)

    def test_a_run_goes_on_with_what_is_missing(self):
        with tempfile.TemporaryDirectory() as directory:
            first = self.run_of([], directory, STAMP)
            first.results.put("main/get", {"servers": {"millrace": {"turns": []}}})
            again = self.run_of([], directory, STAMP)
            self.assertFalse(again.is_wanted("main/get", ("millrace",)))
            self.assertTrue(again.is_wanted("main/get", ("millrace", "nginx")))
            self.assertTrue(again.is_wanted("main/put"))
            later = self.run_of([], directory, {**STAMP, "commit": "def"})
            self.assertTrue(later.is_wanted("main/get", ("millrace",)))
            text = (pathlib.Path(directory) / "results.json").read_text()
            self.assertEqual(text.count("\n"), 5)

    def test_only_measures_what_is_there_too_and_nothing_else(self):
        with tempfile.TemporaryDirectory() as directory:
            run = self.run_of(["--only", "main"], directory, STAMP)
            run.results.put("main/get", {"servers": {}})
            self.assertTrue(run.is_wanted("main/get"))
            self.assertFalse(run.is_wanted("sizes/get-100"))


class CostTest(unittest.TestCase):
    def test_perf_tells_a_count_or_that_it_cannot(self):
        self.assertEqual(process_cost.perf_count("# x\n\n123,,instructions:u,1,100.00,,\n"), 123)
        self.assertIsNone(process_cost.perf_count("<not supported>,,instructions,0,100.00,,\n"))

    def test_this_process_takes_time_and_memory(self):
        pids = process_cost.with_children(process_cost.os.getpid())
        self.assertGreater(process_cost.cpu_seconds(pids), 0)
        self.assertGreater(process_cost.memory_megabytes(pids), 1)

    def test_tables_are_shared_by_workloads_of_a_kind(self):
        self.assertEqual(Load("get", 10).table, Load("counter", 10).table)
        self.assertNotEqual(Load("get", 10).table, Load("query", 10).table)
        self.assertNotEqual(Load("get", 10).table, Load("get", 10, 100).table)


if __name__ == "__main__":
    unittest.main()
