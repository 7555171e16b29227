"""check_outside.py must see what leads out of the repository, and only that."""

import pathlib
import tempfile
import unittest

import check_outside


class CheckOutsideTest(unittest.TestCase):
    def references(self, text, place="docs/a.md", root="/repository/of/this/test"):
        return [found for _, found in check_outside.problems_of(place, text, pathlib.Path(root))]

    def test_paths_within_pass(self):
        self.assertEqual(self.references("see ../src/main.cc, `/usr/bin/env`, GET /health, a/b"), [])

    def test_relative_path_out_of_the_repository_fails(self):
        outside = "../" * 2 + "elsewhere/a.txt"
        self.assertEqual(self.references(f"see {outside}."), [f"{outside}."])

    def test_absolute_path_to_what_exists_fails(self):
        home = str(pathlib.Path.home())
        if home.split("/")[1] in check_outside.SYSTEM:
            self.skipTest("the home directory is a system directory")
        self.assertEqual(self.references(f"cp {home} ."), [home])


if __name__ == "__main__":
    unittest.main()
