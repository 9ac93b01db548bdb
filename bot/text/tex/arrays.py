"""Matrices, cases and lines of equations, on one line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from bot.text.tex.tree import Command, Group, Node

ENVIRONMENTS: Final = {
    "matrix": ("(", ")"), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"), "smallmatrix": ("", ""), "array": ("", ""),
    "cases": ("{", ""), "dcases": ("{", ""), "rcases": ("", "}"), "aligned": ("", ""),
    "align": ("", ""), "gathered": ("", ""), "gather": ("", ""), "split": ("", ""),
    "substack": ("", ""), "eqnarray": ("", ""), "multline": ("", ""), "equation": ("", ""),
    "displaymath": ("", ""), "alignat": ("", ""), "tabular": ("", ""),
}  # fmt: skip
"""By environment the brackets around its rows."""


def array(group: Group, write: Callable[[Sequence[Node]], str]) -> str:
    """The rows of a matrix or the like: `(a b; c d)`."""
    nodes = list(group.nodes)
    if (
        group.environment in ("array", "tabular", "alignat")
        and nodes
        and isinstance(nodes[0], Group)
    ):
        del nodes[0]  # how its columns are set
    rows: list[list[Node]] = [[]]
    for node in nodes:
        if isinstance(node, Command) and node.name == "\\":
            rows.append([])
        else:
            rows[-1].append(node)
    written = [re.sub(r"\s+", " ", write(row)).strip() for row in rows]
    opener, closer = ENVIRONMENTS[group.environment.rstrip("*")]
    return f"{opener}{'; '.join(filter(None, written))}{closer}"
