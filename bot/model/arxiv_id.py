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
        return f"https://arxiv.org/abs/{self.value}"

    @property
    def pdf_url(self) -> str:
        """arXiv's PDF, which is linked to and never copied."""
        return f"https://arxiv.org/pdf/{self.value}"

    @property
    def doi(self) -> str:
        """The DOI that arXiv itself registers for each e-print."""
        return f"10.48550/arXiv.{self.value}"


_PREFIX = re.compile(r"arxiv\s*:\s*", re.IGNORECASE)
_NEW_ID = re.compile(r"([0-9]{4})\.([0-9]{1,9})(?:[vV]([0-9]{1,9}))?")
_OLD_ID = re.compile(
    r"([a-z]{1,8}(?:-[a-z]{1,8})?)(?:\.[a-z-]{2,9})?/([0-9]{1,12})(?:v([0-9]{1,9}))?",
    re.ASCII | re.IGNORECASE,
)


def parse_arxiv_id(text: str) -> tuple[ArxivId, int | None]:
    """The identifier and the version (if one is named) that `text` spells, and nothing else.

    Takes both forms, an `arXiv:` prefix and blanks around. Raises MalformedId.
    """
    text = text.strip()
    prefix = _PREFIX.match(text)
    bare = text[prefix.end() :] if prefix else text
    if match := _NEW_ID.fullmatch(bare):
        return _new_id(text, *match.groups())
    if match := _OLD_ID.fullmatch(bare):
        return _old_id(text, *match.groups())
    raise MalformedId(text)


def _new_id(text: str, month: str, number: str, version: str | None) -> tuple[ArxivId, int | None]:
    if not 1 <= int(month[2:]) <= 12 or month < "0704" or int(number) == 0:
        raise MalformedId(text)
    digits = 4 if month < "1501" else 5
    if len(number) != digits:
        meant = f"{month}.{int(number):0{digits}}"
        fits = len(meant) == 5 + digits
        raise MalformedId(text, meant + _suffix(version) if fits else None)
    meant = f"{month}.{number}"
    return ArxivId(meant), _version(text, meant, version)


def _old_id(
    text: str, archive: str, digits: str, version: str | None
) -> tuple[ArxivId, int | None]:
    archive = archive.lower()
    if archive not in OLD_ARCHIVES or len(digits) != 7 or int(digits[4:]) == 0:
        raise MalformedId(text)
    year, month = int(digits[:2]), int(digits[2:4])
    year += 1900 if year > 90 else 2000
    if not 1 <= month <= 12 or not (1991, 8) <= (year, month) <= (2007, 3):
        raise MalformedId(text)
    meant = f"{archive}/{digits}"
    return ArxivId(meant), _version(text, meant, version)


def _version(text: str, meant: str, version: str | None) -> int | None:
    if version is None:
        return None
    number = int(version)
    if not 1 <= number <= 9999:
        raise MalformedId(text, meant)
    return number


def _suffix(version: str | None) -> str:
    return f"v{int(version)}" if version and int(version) else ""
