"""Rendering the site's templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from typing import Any, TypeVar
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.archive.site.addresses import absolute, relative
from bot.archive.site.anchors import Anchors
from bot.archive.site.calendar import day_anchor
from bot.archive.site.formulas import with_formulas
from bot.archive.site.labels import author_key
from bot.archive.site.markup import Linked, Markdown
from bot.archive.site.model import Note, PaperPage, Post, Site
from bot.archive.site.resolve import PageResolver
from bot.isolation import RecordKind, either
from bot.locale import speak
from bot.text.graphemes import shorten
from bot.text.octets import utf8
from bot.text.tags import tag_key
from bot.text.tex import readable

NOT_FOUND = "404.html"
_EXCERPT = 140
_LISTED_FROM = 4
"""Headings from which on a page has a table of contents."""
_WIKI = re.compile(r"\[\[([^\[\]|\n]*)(?:\|([^\[\]\n]*))?\]\]")
_SCRIPTS = re.compile(r"(?P<ko>[가-힣]+)|(?P<ja>[ぁ-ヿ]+)|(?P<zh>[一-鿿]+)")
_LANGUAGES = {code: Markup('lang="{}"').format(code) for code in ("ko", "ja", "zh", "en")}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
"""No page needs more: what a take might smuggle in could neither run nor load anything."""
_LISTS = ("pages", "labels", "posts", "latest", "years", "undated", "common", "all_series")
"""What templates are given to list."""
_PLAIN = Markup("""<!doctype html>
<html lang="{}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{}</title></head>
<body><p><a href="{}">↑</a></p><main id="content"><h1>{}</h1><pre>{}</pre>
<ul>
{}
</ul></main></body></html>
""")

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class HomeAbove:
    """The page of all channels, one folder above a channel's site."""

    name: str


class Pages:
    """Shows templates of one site. `tags` are addresses by `tag_key`, `url` is where it is read,
    `image` tells the address of an image that a note names."""

    def __init__(
        self,
        site: Site,
        resolver: PageResolver,
        tags: Mapping[str, str],
        url: str | None = None,
        home: HomeAbove | None = None,
        image: Callable[[str], str | None] = lambda source: None,
    ) -> None:
        self._site = site
        self._image = image
        self._url = url
        self.say = speak(site.language)
        self._resolver = resolver
        self._authors = {author_key(label.name): label.address for label in site.authors}
        self._tags = tags
        self._markdown = Markdown()
        self._environment = environment(site, self.say)
        self._environment.globals |= {"home": home}

    def show(self, address: str, template: str, **values: Any) -> bytes:
        """The page at `address`; its words and links alone where its template cannot be filled."""
        html = either(
            RecordKind.EXPORTED,
            address,
            lambda: self._render(address, template, values),
            lambda: self._plain(address, values),
        )
        return utf8(html)

    def _render(self, address: str, template: str, values: Mapping[str, Any]) -> str:
        return self._environment.get_template(template).render(**self._here(address), **values)

    def _plain(self, address: str, values: Mapping[str, Any]) -> str:
        one = values.get("page") or values.get("post")
        title = one.title if one else str(values.get("title") or self._site.name)
        said = "\n\n".join(filter(None, _words(one) if one else ()))
        many = chain(*(values.get(name, ()) for name in _LISTS))
        links = Markup("\n").join(
            Markup('<li><a href="{}">{}</a></li>').format(
                relative(address, there.address), getattr(there, "title", "") or there.name
            )
            for there in many
        )
        home = relative(address, "index.html")
        return _PLAIN.format(self.say.language, POLICY, title, home, title, said, links)

    def content(self, shown: PaperPage | Note | Post) -> str:
        """What a page shows, without the page around it, for a feed."""
        module: Any = self._environment.get_template("parts.html").module
        here = self._here(shown.address, self._url)
        if isinstance(shown, Post):
            return str(
                module.parts(shown, here["to"], here["md"], here["anchors"], here["author_to"])
            )
        if isinstance(shown, Note):
            return str(here["md"](shown.text, 2))
        return str(module.paper(shown, here["md"], here["tag_to"], here["author_to"]))

    def _here(self, address: str, base: str | None = None) -> dict[str, Any]:
        """What templates call: links from the page at `address`; absolute ones with a `base`."""
        if address == NOT_FOUND and self._url:
            base = urlsplit(self._url).path  # it is shown wherever there is no page
        to = partial(relative, address) if base is None else partial(absolute, base)
        anchors = Anchors("" if base is None else to(address))

        def tag_to(name: str) -> str | None:
            found = self._tags.get(tag_key(name))
            return to(found) if found else None

        def author_to(name: str) -> str | None:
            found = self._authors.get(author_key(name))
            return to(found) if found else None

        def page_to(target: PaperPage | Note | Post | None) -> str | None:
            return to(target.address) if target else None

        linked = Linked(
            url=lambda url: page_to(self._resolver.url(url)),
            wiki=lambda title: page_to(self._resolver.wiki(title)),
            tag=tag_to,
            image=lambda source: to(found) if (found := self._image(source)) else None,
        )
        return {
            "here": address,
            "canonical": absolute(self._url, address) if self._url else None,
            "url": self._url,
            "to": to,
            "tag_to": tag_to,
            "author_to": author_to,
            "up": f"{to('')}../index.html",
            "anchors": anchors,
            "md": lambda text, base=3: either(
                RecordKind.EXPORTED,
                address,
                lambda: self._markdown.render(text, linked, base, anchors),
                lambda: Markup("<pre>{}</pre>").format(text),
            ),
        }


def environment(site: Any, say: Any) -> Environment:
    """The templates and what all of them call."""
    made = Environment(
        loader=PackageLoader("bot.archive.site"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "site": site,
        "say": say,
        "policy": POLICY,
        "lang": _safely(spoken, lambda text: _LANGUAGES["en"]),
        "readable": _safely(readable, lambda text: text),
        "with_formulas": _safely(with_formulas, lambda text: text),
        "excerpt": _safely(excerpt, lambda page: ""),
        "described": _safely(described, lambda text: ""),
        "is_paper": lambda page: isinstance(page, PaperPage),
        "is_long": is_long,
        "day_anchor": day_anchor,
    }
    return made


def is_long(anchors: Anchors) -> bool:
    """Whether a page needs a table of contents."""
    named = [one for one in anchors.headings if one.level == anchors.highest]
    return len(named) >= _LISTED_FROM


def described(text: str) -> str:
    """A page's beginning, for whoever shows a link to it."""
    return _beginning(text[: 4 * _EXCERPT])


def _words(page: PaperPage | Note | Post) -> list[str]:
    """What a page says, with nothing made of it."""
    if isinstance(page, Note):
        return [page.text]
    if isinstance(page, Post):
        return [part.page.title if part.page else part.text for part in page.parts]
    return [page.paper.url, *(one.text for one in page.comments), page.paper.data.abstract]


def _safely(make: Callable[[T], R], plainly: Callable[[T], R]) -> Callable[[T], R]:
    """What templates call for each row of a list: one that fails costs the list nothing else."""
    return lambda given: either(
        RecordKind.EXPORTED,
        getattr(given, "address", "a text"),
        lambda: make(given),
        lambda: plainly(given),
    )


def excerpt(page: PaperPage | Note) -> str:
    """The beginning of what was written, on one line."""
    text = page.text if isinstance(page, Note) else next((c.text for c in page.comments), "")
    return _beginning(text[: 4 * _EXCERPT])


@lru_cache(maxsize=10_000)
def _beginning(text: str) -> str:
    """Cached, since a page is in the lists of its month, its tags and its writers."""
    plain = _WIKI.sub(lambda match: match[2] or match[1], text)
    return shorten(" ".join(plain.split()), _EXCERPT)


def spoken(text: str) -> Markup:
    """A `lang` attribute for a text by its script, so that the right letters are chosen."""
    kinds = {match.lastgroup for match in _SCRIPTS.finditer(text[:2000])}
    return _LANGUAGES[next((one for one in ("ko", "ja", "zh") if one in kinds), "en")]
