"""Members' Markdown as HTML that runs nothing, loads nothing and stays within its place.

HTML in it is text; an image is shown where the archive has it, else it is a link; a link leads to
http or https, or to another note of the archive; what looks like a tag of the club leads to the
tag's page, a known paper's address to the paper's; formulas are set, code is coloured.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import regex
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from bot.archive.site.anchors import Anchors
from bot.archive.site.code import coloured
from bot.archive.site.footnotes import footnotes
from bot.archive.site.formulas import formula, formula_at
from bot.text.scan import url_end
from bot.text.tags import TextLinkKind, is_tag, links

_FILE = re.compile(r"(?![/#?]|[\w+.-]*:)[^\\?]+")
"""A path to a file beside this one."""
_SCHEME = re.compile(r"https?$", re.IGNORECASE)
_TAG = regex.compile(r"#([\p{L}\p{N}_][\p{L}\p{M}\p{N}\p{Pc}\-/\u200c\u200d]*+)")
_WORDY = regex.compile(r"[\p{L}\p{M}\p{N}_#&/\\]")
_WIKI = re.compile(r"!?\[\[([^\[\]\n]{1,300})\]\]")
"""With a sign before it, it is embedded there; here a note is linked to, an image shown."""
_LONGEST = 200_000
"""Characters of one text that are read as Markdown; a longer one is shown as it is."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Where links of a page lead: relative addresses, None where there is no such page."""

    url: Callable[[str], str | None]
    wiki: Callable[[str], str | None]
    tag: Callable[[str], str | None]
    image: Callable[[str], str | None] = lambda source: None


class Markdown:
    """Renders Markdown; `base` is the highest heading that a text may have."""

    def __init__(self) -> None:
        options = {"html": False, "breaks": True, "maxNesting": 40, "highlight": _highlight}
        self._md = MarkdownIt("commonmark", options)
        self._md.enable(["table", "strikethrough"])
        self._md.validateLink = _leads_somewhere  # type: ignore[method-assign]
        self._md.inline.ruler.before("link", "wiki", _wiki)
        self._md.inline.ruler.before("link", "address", _address)
        self._md.inline.ruler.before("link", "tag", _tag)
        footnotes(self._md)
        self._md.use(dollarmath_plugin, allow_labels=False).use(amsmath_plugin)
        self._md.inline.ruler.disable("math_inline")
        self._md.inline.ruler.before("escape", "formula", _formula)
        self._md.add_render_rule("formula", _show_formula)
        self._md.add_render_rule("math_block", _show_block)
        self._md.add_render_rule("amsmath", _show_block)
        self._md.add_render_rule("image", _image)
        self._md.add_render_rule("table_open", _table_open)
        self._md.add_render_rule("table_close", _table_close)

    def render(
        self, text: str, linked: Linked, base: int = 3, anchors: Anchors | None = None
    ) -> Markup:
        """`anchors`: those of the page, so that its headings can be linked to."""
        if len(text) > _LONGEST:
            return Markup("<pre>{}</pre>").format(text)
        env: dict[str, Any] = {"linked": linked, "page": "", "notes": 1}
        if anchors is not None:
            env |= {"page": anchors.page, "notes": anchors.text()}
        tokens = _without_empty_headings(self._md.parse(text, env))
        _lower_headings(tokens, base)
        if anchors is not None:
            _anchor_headings(tokens, anchors)
        for token in tokens:
            _lead_links(token.children or [], linked)
        return Markup(self._md.renderer.render(tokens, self._md.options, env))


def _is_web(url: str) -> bool:
    return url.lower().startswith(("https://", "http://"))


def _leads_somewhere(url: str) -> bool:
    """Whether a link is one: on the web, or to another file of the archive."""
    return _is_web(url) or _FILE.fullmatch(url) is not None


def _lead_links(tokens: Sequence[Token], linked: Linked) -> None:
    """To the site's own page of a paper or a note where it has one."""
    lost: list[str] = []
    for token in tokens:
        if token.type == "link_open" and token.meta.get("own") is None:
            url = str(token.attrs.get("href", ""))
            file = None if _is_web(url) else unquote(url.partition("#")[0])
            own = linked.url(url) if file is None else linked.wiki(file.removesuffix(".md"))
            if own is not None:
                token.attrs["href"] = own
            elif file is None:
                token.attrs["rel"] = "noreferrer nofollow"
            else:
                lost.append(file)
                _say(token, "")
        elif token.type == "link_close" and lost:
            _say(token, f" ({lost.pop()})")


def _say(token: Token, text: str) -> None:
    """Make a token of words, of what could be no link."""
    token.type, token.tag, token.nesting, token.content = "text", "", 0, text


def _without_empty_headings(tokens: Sequence[Token]) -> list[Token]:
    """A `#` alone on its line says nothing."""
    kept: list[Token] = []
    for token in tokens:
        if token.type == "heading_close" and not kept[-1].content.strip():
            del kept[-2:]
        else:
            kept.append(token)
    return kept


def _lower_headings(tokens: Sequence[Token], base: int) -> None:
    """No heading above the page's own, and no level left out."""
    before = base - 1
    for token in tokens:
        if token.type == "heading_open":
            level = min(base + int(token.tag[1]) - 1, before + 1, 6)
            before = level
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{before}"


def _anchor_headings(tokens: Sequence[Token], anchors: Anchors) -> None:
    """Each heading can be linked to, and is listed on its page."""
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            said = "".join(
                one.content for one in tokens[place + 1].children or () if one.type != "image"
            )
            token.attrs["id"] = anchors.heading(int(token.tag[1]), said)


def _open(state: StateInline, href: str, text: str, **attrs: str) -> None:
    token = state.push("link_open", "a", 1)
    token.attrs = {"href": href, **attrs}
    token.meta = {"own": True}
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1)


def _address(state: StateInline, silent: bool) -> bool:
    """A bare URL, without a Korean particle or a sentence's punctuation behind it."""
    if state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending)
    if scheme is None:
        return False
    start = state.pos - len(scheme[0])
    end = url_end(state.src, start)
    found = links(state.src[start:end]) if end > state.pos else ()
    if not found or found[0].kind is not TextLinkKind.URL:
        return False
    if not silent:
        url = found[0].target
        end = start + len(url)
        state.pending = state.pending[: -len(scheme[0])]
        own = state.env["linked"].url(url)
        if own is not None:
            _open(state, own, url)
        else:
            _open(state, state.md.normalizeLink(url), url, rel="noreferrer nofollow")
        state.pos = end
    return not silent


def _wiki(state: StateInline, silent: bool) -> bool:
    match = _WIKI.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        title, _, label = match[1].partition("|")
        own = state.env["linked"].wiki(title.partition("#")[0].strip())
        shown = label.strip() or title.strip()
        if match[0].startswith("!") and state.env["linked"].image(title.strip()) is not None:
            image = state.push("image", "img", 0)
            image.attrs, image.content = {"src": title.strip()}, shown
            state.pos = match.end()
            return True
        if own is not None and not state.linkLevel:
            _open(state, own, shown)
        else:
            state.push("text", "", 0).content = shown
    state.pos = match.end()
    return True


def _tag(state: StateInline, silent: bool) -> bool:
    match = _TAG.match(state.src, state.pos)
    if match is None or (state.pos and _WORDY.match(state.src[state.pos - 1])):
        return False
    name = match[1].rstrip("-/_\u200c\u200d")
    if not is_tag(name):
        return False
    if not silent:
        own = state.env["linked"].tag(name)
        if own is not None and not state.linkLevel:
            _open(state, own, f"#{name}", **{"class": "tag"})
        else:
            state.push("text", "", 0).content = f"#{name}"
    state.pos += 1 + len(name)
    return True


def _highlight(code: str, language: str, _attributes: str) -> str:
    return str(coloured(code, language))


def _formula(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    found = formula_at(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = state.src[state.pos : found[0]]
        token.meta = {"tex": found[1], "displayed": found[2]}
    state.pos = found[0]
    return True


def _show_formula(self: RendererHTML, tokens: Sequence[Token], index: int, *_: Any) -> str:
    token = tokens[index]
    return formula(token.meta["tex"], displayed=token.meta["displayed"]) or escape(token.content)


def _show_block(self: RendererHTML, tokens: Sequence[Token], index: int, *_: Any) -> str:
    token = tokens[index]
    set_ = formula(token.content.strip(), displayed=True)
    if set_ is None:
        fence = "" if token.type == "amsmath" else "$$"
        return Markup("<pre>{}{}{}</pre>\n").format(fence, token.content.strip("\n"), fence)
    return Markup('<div class="formula" tabindex="0">{}</div>\n').format(set_)


def _image(
    self: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: Any,
    env: MutableMapping[str, Any],
) -> str:
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    shown = token.content or source
    if any(one.type == "link_open" for one in tokens[:index]) and not any(
        one.type == "link_close" for one in tokens[:index]
    ):
        return str(escape(shown))
    own = env["linked"].image(unquote(source))
    if own is not None:
        return Markup('<img src="{}" alt="{}" loading="lazy">').format(own, token.content)
    if not _is_web(source):
        return str(escape(f"🖼 {shown}"))
    return str(Markup('<a href="{}" rel="noreferrer nofollow">{}</a>').format(source, f"🖼 {shown}"))


def _table_open(self: RendererHTML, *_: Any) -> str:
    return '<div class="table" tabindex="0"><table>\n'


def _table_close(self: RendererHTML, *_: Any) -> str:
    return "</table></div>\n"
