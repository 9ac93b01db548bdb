"""arXiv's identifiers: their canonical form, and what is wrong with those that cannot be.

The rules are those of https://info.arxiv.org/help/arxiv_identifier.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

OLD_ARCHIVES = frozenset(
    """
    acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas
    cond-mat cs dg-ga econ eess funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th
    nlin nucl-ex nucl-th patt-sol physics plasm-ph q-alg q-bio q-fin quant-ph solv-int stat
    supr-con test
    """.split()  # noqa: SIM905
)
"""Archives that stand before the slash of an identifier given before April 2007."""


def page_of(arxiv_id: str) -> str:
    """The page of the abstract, of whatever version is current."""
    return f"https://arxiv.org/abs/{arxiv_id}"


class BadReference(ValueError):
    """Something that was meant as a reference and is none; `text` is what was typed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class MalformedId(BadReference):
    """It looks like an arXiv identifier and cannot be one.

    `suggestion` is the identifier (perhaps with a version) that was probably meant, if it can
    be told.
    """

    def __init__(self, text: str, suggestion: str | None = None) -> None:
        super().__init__(text)
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True, order=True)
class ArxivId:
    """An arXiv identifier in its canonical form, without a version.

    `value` is `2007.10909`, `hep-th/9901001` or `math/0309136` (no subject class). Make it by
    `parse_arxiv_id`, or directly from text that came from there.
    """

    value: str

    def __str__(self) -> str:
        return self.value

    @property
    def url(self) -> str:
        """The page of the abstract, of whatever version is current."""
        return page_of(self.value)

    @property
    def month(self) -> tuple[int, int]:
        """The year and the month in which it was given."""
        digits = self.value.rpartition("/")[2]
        year = int(digits[:2])
        old = "/" in self.value and year > 90
        return year + (1900 if old else 2000), int(digits[2:4])

    @property
    def doi(self) -> str:
        """The DOI that arXiv itself registers for each e-print."""
        return f"10.48550/arXiv.{self.value}"


_PREFIX = r"(?iu:arxiv\s*:\s*)?"
_MONTHS = "(?:0[1-9]|1[0-2])"
_NEW_ID = re.compile(
    rf"{_PREFIX}((?:1[5-9]|[2-9][0-9]){_MONTHS}\.(?!00000)[0-9]{{5}}"
    rf"|(?:07(?:0[4-9]|1[0-2])|(?:0[89]|1[0-4]){_MONTHS})\.(?!0000)[0-9]{{4}})"
    r"(?:[vV]([0-9]{1,9}))?"
)
_LIKE_A_NEW_ID = re.compile(rf"{_PREFIX}([0-9]{{4}})\.([0-9]{{1,9}})(?:[vV]([0-9]{{1,9}}))?")
_OLD_ID = re.compile(
    rf"{_PREFIX}([a-z]{{1,8}}(?:-[a-z]{{1,8}})?)(?:\.[a-z-]{{2,9}})?/([0-9]{{1,12}})(?:v([0-9]{{1,9}}))?",
    re.ASCII | re.IGNORECASE,
)


def parse_arxiv_id(text: str) -> tuple[ArxivId, int | None]:
    """The identifier and the version (if one is named) that `text` spells, and nothing else.

    Takes both forms, an `arXiv:` prefix and blanks around. Raises MalformedId.
    """
    text = text.strip()
    if match := _NEW_ID.fullmatch(text):
        meant, version = match.groups()
        return ArxivId(meant), _version(text, meant, version)
    if match := _OLD_ID.fullmatch(text):
        return _old_id(text, *match.groups())
    if match := _LIKE_A_NEW_ID.fullmatch(text):
        raise MalformedId(text, _meant(*match.groups()))
    raise MalformedId(text)


def id_meant(digits: str) -> str | None:
    """The identifier that was probably meant by digits with something else than a dot in them."""
    match = re.fullmatch(r"([0-9]{4})[ ,_/-]?([0-9]{4,5})(?:[vV]([0-9]{1,4}))?", digits)
    return _meant(*match.groups()) if match else None


def _meant(month: str, number: str, version: str | None) -> str | None:
    """The identifier that has as many digits as those of its month have."""
    meant = f"{month}.{int(number):0{4 if month < '1501' else 5}}"
    return meant + _suffix(version) if _NEW_ID.fullmatch(meant) else None


def _old_id(
    text: str, archive: str, digits: str, version: str | None
) -> tuple[ArxivId, int | None]:
    archive = archive.lower()
    if archive not in OLD_ARCHIVES or len(digits) != 7 or int(digits[4:]) == 0:
        raise MalformedId(text)
    found = ArxivId(f"{archive}/{digits}")
    if not 1 <= found.month[1] <= 12 or not (1991, 8) <= found.month <= (2007, 3):
        raise MalformedId(text)
    return found, _version(text, found.value, version)


def _version(text: str, meant: str, version: str | None) -> int | None:
    if version is None:
        return None
    number = int(version)
    if not 1 <= number <= 9999:
        raise MalformedId(text, meant)
    return number


def _suffix(version: str | None) -> str:
    return f"v{int(version)}" if version and int(version) else ""
