"""How much of what a person sees in an archive's files the reader sees.

    python -m tests.bench.measure_reading [--forms] [--verbose]

Against the truth that was written by hand, see `tests/archive/reading.py`: for each field the share
of what was read that is right (precision) and of what there is that was read (recall), in the
weekly posts and in the notes, and how many files are read entirely right. With `--forms` the same
of made-up files in the forms of other programs, form by form. With `--verbose` each value that was
misread, file by file.
"""

from __future__ import annotations

import sys

from tests.archive.reading import FIELDS, Score, forms, measure, truth
from tests.bench.table import table


def main() -> None:
    if "--forms" in sys.argv:
        print(by_form())
        return
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


def by_form() -> str:
    """A table, form by form: how many values are right, of how many, and how many are false."""
    scores: dict[str, Score] = {}
    for file in forms():
        score = measure(file)
        scores.setdefault(file.path.partition("/")[0], Score()).add(score)
        if score.faults and "--verbose" in sys.argv:
            print(file.path, *score.faults, sep="\n    ")
    rows = [(form, *(_told(score, what) for what in FIELDS)) for form, score in scores.items()]
    return table(("form", *FIELDS), rows)


def _told(score: Score, what: str) -> str:
    right, false = score.right[what], score.false[what]
    return f"{right}/{right + score.missed[what]}" + (f" +{false}" if false else "")


if __name__ == "__main__":
    main()
