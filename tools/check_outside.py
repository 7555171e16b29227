"""Checks that no tracked file refers to anything outside the repository: check_outside.py.

Refused are relative paths that lead out of the repository, and absolute paths to what exists on
this machine outside the directories that every Debian system has.
"""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SYSTEM = {"bin", "boot", "dev", "etc", "lib", "lib64", "proc", "run", "sbin", "sys", "tmp", "usr",
          "var"}
ABSOLUTE = re.compile(r"(?<![\w./~:$}\\-])/([A-Za-z_][\w.-]*)(?:/[\w.-]+)*")
RELATIVE = re.compile(r"(?<![\w./-])(?:\./)?(?:[\w.-]+/)*\.\./[\w./-]*")


def problems_of(place, text, root=ROOT):
    """Line numbers and references that leave the repository, of the file at `place` in it."""
    for number, line in enumerate(text.splitlines(), 1):
        for match in ABSOLUTE.finditer(line):
            path = match.group(0)
            if match.group(1) not in SYSTEM and os.path.exists(path):
                yield number, path
        for match in RELATIVE.finditer(line):
            target = os.path.normpath(os.path.join(root, os.path.dirname(place), match.group(0)))
            from_root = os.path.normpath(os.path.join(root, match.group(0)))
            inside = (str(root), str(root) + os.sep)
            if not any(t == inside[0] or t.startswith(inside[1]) for t in (target, from_root)):
                yield number, match.group(0)


def main():
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, check=True, capture_output=True, text=True).stdout
    failed = False
    for place in filter(None, listed.split("\0")):
        file = ROOT / place
        if not file.is_file():
            continue
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, reference in problems_of(place, text):
            print(f"{place}:{number}: refers to outside the repository: {reference}",
                  file=sys.stderr)
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
