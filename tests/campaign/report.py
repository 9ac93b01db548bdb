"""The campaign's table."""

from __future__ import annotations

from collections.abc import Mapping

from tests.campaign.runner import Tally

HEAD = ("fault", "runs", "lost", "doubled", "out of order", "told")


def table(tallies: Mapping[str, Tally]) -> str:
    """A Markdown table, a line for each fault and one for all; what was wrong below it."""
    lines = [(name, tally.runs, *_numbers(tally)) for name, tally in tallies.items() if tally.runs]
    sums = [sum(int(line[column]) for line in lines) for column in range(1, len(HEAD))]
    cells = [HEAD, *lines, ("all", *sums)]
    widths = [max(len(str(row[column])) for row in cells) for column in range(len(HEAD))]
    rows = [_row(row, widths) for row in cells]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    wrong = [line for tally in tallies.values() for line in tally.total.wrong]
    return "\n".join([rows[0], rule, *rows[1:], *wrong])


def _numbers(tally: Tally) -> tuple[int, int, int, int]:
    total = tally.total
    return total.lost, total.doubled, total.disordered, total.told


def _row(cells: tuple[object, ...], widths: list[int]) -> str:
    first, *rest = (str(cell) for cell in cells)
    padded = [first.ljust(widths[0])]
    padded += [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
    return "| " + " | ".join(padded) + " |"
