"""Where sentences end, in the scripts that clubs write in; rules, no model."""

import re
from collections.abc import Iterator
from typing import Final

# Ends by themselves, with or without a blank after them.
_FULL: Final = "。！？．｡"
# End where a blank, a closing bracket or the text's end follows.
_WITH_BLANK: Final = "؟؛۔।॥։።។၊။"
_CLOSERS: Final = r"""["'”’»)\]}」』）】》〉*_~|`>]"""
_END: Final = re.compile(
    rf"(?P<full>[{_FULL}][{_FULL}!?…]*+)(?P<fullclose>{_CLOSERS}*+)\s*+"
    rf"|(?P<latin>[.!?…]+|[{_WITH_BLANK}]++)(?P<close>{_CLOSERS}*+)(?P<blank>\s++|\Z)"
    r"|(?P<glued>(?<=[다요음함임됨까죠네])[.!?](?=[가-힣]))"
    r"|(?P<paragraph>\n[^\S\n]*+\n\s*+)"
)
_CLOSING_PARTICLES: Final = "とはがをにのもだっで"

# Before a full stop: never the end of a sentence.
_INNER_WORDS: Final = """
    e.g i.e cf vs fig figs eq eqs eqn eqns sec secs sect tabs refs dr prof mr mrs ms viz approx thm
    lem esp incl
"""
# Not the end of a sentence before a number or a bracket.
_NUMBERED_WORDS: Final = """
    no nos vol pp p ch app tab def prop cor alg ref ca st ed eds
    jan feb mar apr jun jul aug sep sept oct nov dec
"""
# The end only if what follows clearly begins a sentence.
_DOUBTFUL_WORDS: Final = """
    al etc i.i.d w.r.t a.k.a u.s u.k e.u ph.d a.m p.m inc ltd co corp univ jr sr s.t resp std max
    min dept
"""
_STARTER_WORDS: Final = """
    a although an and another as at based both but by code compared despite during each even
    experiments extensive finally first for from furthermore given hence here how however i if in
    instead it its later many moreover more most motivated my nevertheless next no not notably on
    one our over previous prior recent recently second several since so some specifically such
    surprisingly that the their then there therefore these they third this those though through
    thus to two unfortunately unlike using we what when where whereas whether which while why with
    without yet you
"""
_INNER: Final = frozenset(_INNER_WORDS.split())
_NUMBERED: Final = frozenset(_NUMBERED_WORDS.split())
_DOUBTFUL: Final = frozenset(_DOUBTFUL_WORDS.split())
_STARTERS: Final = frozenset(_STARTER_WORDS.split())
_TOKEN: Final = re.compile(r"[^\s()\[\]{}\"'“”‘’*_~|<>/,]{1,40}\Z")
_NEXT: Final = re.compile(r"""["'“‘«(\[{*_~|`<「『（]*+([A-Za-zÀ-ɏ]*+)""")
_LIST_NUMBER: Final = re.compile(r"(?:\A|\n)[ \t>]*\(?(?:\d{1,3}|[A-Za-z])\Z")


def boundaries(text: str) -> Iterator[tuple[int, int]]:
    """(end of a sentence, start of the next) for each place between two sentences, ascending.

    What lies between is whitespace or nothing. A blank line always ends a sentence. Linear time.
    """
    formulas = _formulas(text)
    size = len(text)
    index = 0
    for match in _END.finditer(text):
        end, start = _place(match)
        while index < len(formulas) and formulas[index][1] <= match.start():
            index += 1
        inside = index < len(formulas) and formulas[index][0] < match.start()
        if start >= size or end == 0 or (inside and not match["paragraph"]):
            continue
        if _is_end(text, match):
            yield end, start


def sentences(text: str) -> list[str]:
    """The sentences of `text` in order, without the whitespace around them.

    Put together they are the text but for whitespace between sentences.
    """
    found: list[str] = []
    position = 0
    for end, start in boundaries(text):
        found.append(text[position:end])
        position = start
    found.append(text[position:])
    return [sentence for piece in found if (sentence := piece.strip())]


def _place(match: re.Match[str]) -> tuple[int, int]:
    if match["paragraph"] is not None:
        return match.start(), match.end()
    if match["glued"] is not None:
        return match.end(), match.end()
    name = "fullclose" if match["full"] is not None else "close"
    return match.end(name), match.end()


def _is_end(text: str, match: re.Match[str]) -> bool:
    if match["paragraph"] is not None or match["glued"] is not None:
        return True
    if match["full"] is not None:
        quoted = match["fullclose"] and match.end() < len(text)
        return not (quoted and text[match.end()] in _CLOSING_PARTICLES)
    mark, blank = match["latin"], match["blank"]
    if blank.count("\n") > 1:
        return True
    following = _NEXT.match(text, match.end())
    word = following[1] if following else ""
    before = text[match.start() - 1] if match.start() else " "
    if mark[0] in _WITH_BLANK:
        return True
    if "!" in mark or "?" in mark:
        return not (match["close"] and word[:1].islower())
    if len(mark) > 1 or mark == "…":
        return word[:1].isupper() or "\n" in blank
    if word[:1].islower() and before.isalnum() and not _uncased(before):
        return False
    return _full_stop(text, match, word)


def _full_stop(text: str, match: re.Match[str], word: str) -> bool:
    """Whether the single full stop of `match` ends a sentence that may end here."""
    position = match.start()
    window = text[max(0, position - 42) : position]
    token = _TOKEN.search(window)
    if token is None:
        return True
    name = token[0].lower()
    starts = word.lower() in _STARTERS and word[:1].isupper()
    after = text[match.end()] if match.end() < len(text) else ""
    if name in _INNER:
        return False
    if name in _NUMBERED:
        return not (after.isdigit() or after in "([")
    if name in _DOUBTFUL:
        return starts or (_uncased(after) and name != "al")
    if len(token[0]) == 1 and token[0].isalpha() and token[0].isupper() and token[0].isascii():
        return starts
    if _initials(token[0]):
        return starts
    return not _LIST_NUMBER.search(window)


def _initials(token: str) -> bool:
    """Whether a token is like `J.-P` or `K.M`, the dot after its last letter not counted."""
    parts = re.split(r"[.\-]+", token)
    return len(parts) > 1 and all(len(part) == 1 and part.isupper() for part in parts if part)


def _uncased(character: str) -> bool:
    """Whether a letter is of a script without upper and lower case."""
    return character.isalpha() and character.lower() == character.upper()


def _formulas(text: str) -> list[tuple[int, int]]:
    """The spans of $…$ that are formulas: no blank just inside, no digit just after."""
    found: list[tuple[int, int]] = []
    opened = -1
    for match in re.finditer(r"\\\$|\$\$?|\n[^\S\n]*\n", text):
        token, start, end = match[0], match.start(), match.end()
        if token[0] == "\n":
            opened = -1
        elif token[0] == "\\":
            continue
        elif opened >= 0 and not text[start - 1].isspace() and not text[end : end + 1].isdigit():
            found.append((opened, end))
            opened = -1
        elif end < len(text) and not text[end].isspace():
            opened = start
    return found
