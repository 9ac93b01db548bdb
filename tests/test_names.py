"""One meaning a name, one name a meaning."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]


def public_classes() -> dict[str, list[str]]:
    """The files of each public class, by its name; the sandbox is a program of its own."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in (path for room in ("bot", "cogs") for path in (ROOT / room).rglob("*.py")):
        if "sandbox" not in path.parts:
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found[node.name].append(str(path.relative_to(ROOT)))
    return found


def test_no_two_public_classes_share_a_name() -> None:
    assert {name: files for name, files in public_classes().items() if len(files) > 1} == {}
