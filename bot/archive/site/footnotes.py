"""Footnotes below a text, `[^1]` and `^[here]`, with links both ways that no other text has."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.footnote import footnote_plugin

Env = MutableMapping[str, Any]


def footnotes(md: MarkdownIt) -> None:
    """`env` has `notes`, what tells the text's footnotes from others on the page, and `page`, a
    prefix for links within the page where it is shown elsewhere."""
    md.use(footnote_plugin)
    for name, rule in (
        ("footnote_ref", _ref),
        ("footnote_block_open", _block_open),
        ("footnote_block_close", _block_close),
        ("footnote_open", _open),
        ("footnote_close", _close),
        ("footnote_anchor", _anchor),
    ):
        md.add_render_rule(name, rule)


def _name(token: Token, env: Env) -> str:
    return f"{env['notes']}-{token.meta['id'] + 1}"


def _sub(token: Token) -> str:
    """What tells one reference to a footnote from another."""
    return f"-{token.meta['subId'] + 1}" if token.meta.get("subId", 0) > 0 else ""


def _ref(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    token = tokens[index]
    name = _name(token, env)
    return Markup('<sup><a href="{}#fn-{}" id="fnref-{}{}">[{}]</a></sup>').format(
        env["page"], name, name, _sub(token), token.meta["id"] + 1
    )


def _block_open(self: RendererHTML, *_: Any) -> str:
    return '<div class="footnotes"><ol>\n'


def _block_close(self: RendererHTML, *_: Any) -> str:
    return "</ol></div>\n"


def _open(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    return Markup('<li id="fn-{}">').format(_name(tokens[index], env))


def _close(self: RendererHTML, *_: Any) -> str:
    return "</li>\n"


def _anchor(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    token = tokens[index]
    return Markup(' <a href="{}#fnref-{}{}">↩</a>').format(
        env["page"], _name(token, env), _sub(token)
    )
