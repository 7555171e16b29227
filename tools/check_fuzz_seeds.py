"""Checks that fuzzing begins everywhere: check_fuzz_seeds.py.

Every operation of src/wire/service.cc needs fuzz/corpus/request/OPERATION.txt, which names it in a
line of its own, and every target fuzz/NAME.cc a seed in fuzz/corpus/NAME.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROW = re.compile(r'\{"([A-Z]\w+)",\s*"[A-Z]\w+",')


def check(root):
    """What is missing, a line each."""
    corpus = root / "fuzz/corpus"
    problems = []
    operations = ROW.findall((root / "src/wire/service.cc").read_text())
    if not operations:
        problems.append("src/wire/service.cc: no operation was found in its tables")
    for operation in operations:
        seed = corpus / "request" / f"{operation}.txt"
        if not seed.is_file():
            problems.append(f"{operation}: has no seed {seed.relative_to(root)}")
        elif operation not in seed.read_text().splitlines():
            problems.append(f"{seed.relative_to(root)}: no line names {operation}")
    for target in sorted((root / "fuzz").glob("*.cc")):
        if not any((corpus / target.stem).glob("*")):
            problems.append(f"fuzz/{target.name}: has no seed in fuzz/corpus/{target.stem}")
    return problems


def main():
    problems = check(ROOT)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
