"""check_layers.py must pass a good tree and fail each kind of bad include."""

import pathlib
import tempfile
import unittest

import check_layers


class CheckLayersTest(unittest.TestCase):
    def problems(self, files):
        with tempfile.TemporaryDirectory() as directory:
            source = pathlib.Path(directory)
            (source / "LAYERS").write_text("# comment\nbase 0\nhttp 1\nmodel 1\nops 2\n")
            for path, text in files.items():
                file = source / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            return check_layers.check(source)

    def test_downward_own_and_system_includes_pass(self):
        self.assertEqual(self.problems({
            "base/a.h": "#include <string>\n",
            "ops/b.h": '#include "base/a.h"\n#include "ops/c.h"\n',
            "main.cc": '#include "ops/b.h"\n',
        }), [])

    def test_upward_include_fails(self):
        self.assertEqual(self.problems({"base/a.h": '#include "ops/b.h"\n'}), [
            "base/a.h: ops/b.h: 'base' (rank 0) may not include 'ops' (rank 2)"])

    def test_other_directory_of_the_same_rank_fails(self):
        self.assertEqual(self.problems({"http/a.cc": '  #  include "model/b.h"\n'}), [
            "http/a.cc: model/b.h: 'http' (rank 1) may not include 'model' (rank 1)"])

    def test_directory_without_rank_fails(self):
        self.assertEqual(self.problems({"extra/a.h": ""}), [
            "extra: the directory is not in LAYERS"])
        self.assertEqual(self.problems({"ops/a.h": '#include "extra/b.h"\n'}), [
            "ops/a.h: extra/b.h: directory 'extra' is not in LAYERS"])

    def test_include_not_written_from_src_fails(self):
        self.assertEqual(len(self.problems({"ops/a.h": '#include "b.h"\n'})), 1)
        self.assertEqual(len(self.problems({"ops/a.h": '#include "../base/b.h"\n'})), 1)

    def test_angle_brackets_do_not_hide_an_include(self):
        self.assertEqual(len(self.problems({
            "base/a.h": "#include <ops/b.h>\n", "ops/b.h": ""})), 1)


if __name__ == "__main__":
    unittest.main()
