"""Pages by what they have in common, and takes that are there twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from bot.archive.paths import Names
from bot.archive.site.addresses import slug
from bot.archive.site.model import Label, Note, PaperPage
from bot.model.take import Take
from bot.text.tags import tag_key

_BESIDE: Final = re.compile(r"https?://\S+|(?<!\S)#[^\s#]+|[\W_]+")
"""What may differ between a weekly post and the note that it was put together from."""


def once(takes: Sequence[Take]) -> list[Take]:
    """The takes without those whose words are all in another one by the same member: a note and
    the weekly post that has it too. The fuller one is kept, of two alike the first."""
    words = [f" {' '.join(_BESIDE.sub(' ', take.text).casefold().split())} " for take in takes]
    return [
        take
        for place, take in enumerate(takes)
        if not any(
            words[place] in words[other]
            and (words[place] != words[other] or other < place)
            and takes[other].member == take.member
            for other in range(len(takes))
            if other != place
        )
    ]


def tag_labels(pages: Sequence[PaperPage | Note], names: Names) -> Iterable[Label]:
    """Tags by name, each as it was first written."""
    found: dict[str, Label] = {}
    for page in pages:
        for tag in page.tags:
            label = found.setdefault(tag_key(tag), Label(tag, ""))
            label.pages.append(page)
    for key in sorted(found):
        label = found[key]
        label.address = names.take(f"tags/{slug(label.name)}.html")
        label.pages.reverse()
        yield label


def author_key(name: str) -> str:
    """What makes two ways of writing an author's name one."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().replace(".", " ").split())


def author_labels(pages: Iterable[PaperPage], names: Names) -> Iterable[Label]:
    """Authors of two papers or more, by name. Of one with a single paper the paper's own page
    tells all."""
    found: dict[str, Label] = {}
    for page in pages:
        for key, name in {author_key(name): name for name in page.paper.data.authors}.items():
            found.setdefault(key, Label(name, "")).pages.append(page)
    for key in sorted(found):
        label = found[key]
        if key and len(label.pages) > 1:
            label.address = names.take(f"authors/{slug(label.name)}.html")
            label.pages.sort(key=lambda page: (str(page.day or ""), page.address), reverse=True)
            yield label
