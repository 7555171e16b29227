"""Checks that src/ includes only downwards: check_layers.py [SOURCE_DIRECTORY].

src/LAYERS gives each directory its rank. A file may include its own directory and directories of
lower rank. Since every step to another directory lowers the rank, there can be no cycle.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
SOURCES = (".h", ".cc")


def read_ranks(layers_file):
    ranks = {}
    for line in layers_file.read_text().splitlines():
        words = line.split("#")[0].split()
        if words:
            name, rank = words
            ranks[name] = int(rank)
    return ranks


def includes_of(source, file):
    """The project's own headers that `file` names, as written, with whether each is quoted."""
    for quote, path in INCLUDE.findall(file.read_text()):
        if quote == '"' or (source / path).is_file():
            yield quote, path


def problem_of(ranks, directory, quote, path):
    """What is wrong with this include in a file of `directory` (None: of src/ itself), or None."""
    if quote == "<":
        return "a header of the project is included with quotes"
    target, slash, _ = path.partition("/")
    if not slash or target in (".", ".."):
        return "includes are written from src/"
    if target not in ranks:
        return f"directory '{target}' is not in LAYERS"
    if directory is None or target == directory or ranks[target] < ranks[directory]:
        return None
    return (f"'{directory}' (rank {ranks[directory]}) may not include "
            f"'{target}' (rank {ranks[target]})")


def check(source):
    ranks = read_ranks(source / "LAYERS")
    problems = []
    for entry in sorted(source.iterdir()):
        if entry.is_dir() and entry.name not in ranks and any(entry.rglob("*.*")):
            problems.append(f"{entry.name}: the directory is not in LAYERS")
    for file in sorted(source.rglob("*")):
        if file.suffix not in SOURCES:
            continue
        place = file.relative_to(source)
        directory = place.parts[0] if len(place.parts) > 1 else None
        if directory is not None and directory not in ranks:
            continue
        for quote, path in includes_of(source, file):
            problem = problem_of(ranks, directory, quote, path)
            if problem:
                problems.append(f"{place}: {path}: {problem}")
    return problems


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    source = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "src"
    problems = check(source)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
