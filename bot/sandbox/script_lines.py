"""In which line of a script each step begins: the TOML reader does not tell."""

import re

_STRINGS = re.compile(
    r'("""|\'\'\')(?:\\.|(?!\1).)*\1|#[^\n]*|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.S
)
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*step[ \t]*\]\]", re.M)
_KEY = r"^[ \t]*(?:\[step\.)?[\"']?{key}[\"']?[ \t]*[\].=]"


def step_lines(text: str) -> list[int]:
    """The line, from 1, of each `[[step]]` of a valid TOML document."""
    bare = _bare(text)
    return [bare.count("\n", 0, found.start()) + 1 for found in _HEADER.finditer(bare)]


def key_line(text: str, first: int, key: str) -> int:
    """The line of a step's key, for the step whose `[[step]]` is in line `first`.

    `first` itself where the key is not there, or not written on a line of its own.
    """
    lines = _bare(text).split("\n")
    for number, line in enumerate(lines[first:], first + 1):
        if _HEADER.match(line):
            break
        if re.match(_KEY.format(key=re.escape(key.partition(".")[0])), line):
            return number
    return first


def _bare(text: str) -> str:
    """`text` with the same lines, without what stands in quotes or comments."""
    return _STRINGS.sub(lambda found: "\n" * found[0].count("\n"), text.replace("\r\n", "\n"))
