"""`./x bench compare` measures, goes on where it was, and writes tables and plots."""

import json
import os
import subprocess
import sys

import pytest
from credentials import open_mode_only
from server import BINARY, ROOT

pytestmark = open_mode_only("it starts servers of both modes itself")


def compare(work, *arguments):
    result = subprocess.run(
        [sys.executable, "-B", "-m", "compare", "--quick", "--seconds", "0.1", "--peers", "none",
         "--parts", "main,auth", "--work", str(work), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "tools"), "MILLRACE_BINARY": str(BINARY)},
        capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    return result.stderr


@pytest.mark.timeout(600)
def test_a_quick_comparison_measures_and_goes_on_where_it_was(tmp_path):
    modes = ("--modes", "fsync,memory")
    said = compare(tmp_path, *modes, "--workloads", "get,records")
    assert "main/get turn 1 millrace-memory" in said
    output = tmp_path / "quick"
    cells = json.loads((output / "performance/results.json").read_text())["cells"]
    assert set(cells) == {"main/get", "main/records", "auth/get", "auth/put"}
    for cell in cells.values():
        for server in cell["servers"].values():
            turn, = server["turns"]
            assert turn["rate"] > 0 and turn["entries_rate"] > 0 and turn["errors"] == {}
    document = (output / "performance.md").read_text()
    assert "| GetItem |" in document and "### Enforced mode" in document
    assert (output / "performance/main.svg").read_text().startswith("<svg")
    # Nothing of the servers stays, and what is measured is not measured again.
    assert [path.name for path in tmp_path.iterdir()] == ["quick"]
    said = compare(tmp_path, *modes, "--workloads", "get,scan")
    assert "main/scan turn 1" in said and "main/get" not in said and "auth/" not in said
