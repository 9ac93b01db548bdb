"""Authors' names in their parts, as bibliographies want them."""

from __future__ import annotations

from dataclasses import dataclass

_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}
_PARTICLES = {
    "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "ten",
    "ter", "zu", "zur", "af", "av", "bin", "ibn", "al", "el",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AuthorName:
    """`given` and `suffix` may be empty; a group or a name of one word is `family` alone."""

    family: str
    given: str = ""
    suffix: str = ""


def author_name(written: str) -> AuthorName:
    """The parts of a name written "Forenames Keyname Suffix"."""
    words = written.split()
    suffix = ""
    if len(words) > 2 and words[-1].casefold() in _SUFFIXES:
        suffix = words.pop()
    if len(words) < 2 or _is_group(written):
        return AuthorName(" ".join(written.split()))
    first = len(words) - 1
    while first > 1 and words[first - 1].casefold() in _PARTICLES and words[first - 1].islower():
        first -= 1
    return AuthorName(" ".join(words[first:]), " ".join(words[:first]), suffix)


def _is_group(written: str) -> bool:
    last = written.casefold().split()[-1:]
    return last in (["collaboration"], ["team"], ["group"], ["consortium"]) or ":" in written
