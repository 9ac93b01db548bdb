"""How much of what a person sees in an archive's files the reader sees.

    python -m tests.bench.measure_reading [--verbose]

Against the truth that was written by hand, see `tests/archive/reading.py`: for each field the share
of what was read that is right (precision) and of what there is that was read (recall), in the
weekly posts and in the notes, and how many files are read entirely right. With `--verbose` each
value that was misread, file by file.
"""

from __future__ import annotations

import sys

from tests.archive.reading import FIELDS, Score, measure, truth
from tests.bench.table import table


def main() -> None:
    groups = {"posts": Score(), "notes": Score()}
    right = {"posts": 0, "notes": 0}
    files = {"posts": 0, "notes": 0}
    for file in truth():
        group = "posts" if file.post else "notes"
        score = measure(file)
        groups[group].add(score)
        files[group] += 1
        right[group] += not score.faults
        if score.faults and "--verbose" in sys.argv:
            print(file.path, *score.faults, sep="\n    ")
    head = ("", *(f"{group}, {of}" for group in groups for of in ("precision", "recall", "of")))
    rows = [
        (
            what,
            *(
                cell
                for score in groups.values()
                for cell in (
                    f"{score.precision(what):.3f}",
                    f"{score.recall(what):.3f}",
                    score.right[what] + score.missed[what],
                )
            ),
        )
        for what in FIELDS
    ]
    print(table(head, rows))
    print(f"weekly posts read entirely right: {right['posts']} of {files['posts']}")
    print(f"notes read entirely right: {right['notes']} of {files['notes']}")


if __name__ == "__main__":
    main()
