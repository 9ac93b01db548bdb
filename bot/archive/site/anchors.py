"""The places on one page that can be linked to, each with a name of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bot.archive.site.addresses import slug

_OURS: Final = ("content", "theme", "takes", "posts", "mentioned", "mentions", "contents")
_OUR_BEGINNINGS: Final = ("fn-", "fnref-", "series-", "d-")


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of a page's table of contents."""

    level: int
    anchor: str
    title: str


@dataclass(slots=True)
class Anchors:
    """`page` stands before each link to a place of it: nothing, on the page itself."""

    page: str = ""
    headings: list[Heading] = field(default_factory=list)
    _taken: set[str] = field(default_factory=lambda: set(_OURS))
    _texts: int = 0

    def heading(self, level: int, title: str) -> str:
        """The name of a heading's place, readable, each once."""
        shown = " ".join(title.split())
        name = slug(shown)
        if name.startswith(_OUR_BEGINNINGS):
            name = f"h-{name}"
        tried, number = name, 1
        while tried in self._taken:
            number += 1
            tried = f"{name}-{number}"
        self._taken.add(tried)
        self.headings.append(Heading(level, tried, shown))
        return tried

    @property
    def highest(self) -> int:
        """The level of the headings that a table of contents names."""
        return min((one.level for one in self.headings), default=1)

    def text(self) -> int:
        """The number of one more text on the page."""
        self._texts += 1
        return self._texts
