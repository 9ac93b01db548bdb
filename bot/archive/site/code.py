"""Code in colours: Pygments tells what each piece is, the style sheet colours each kind."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup, escape
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String, Token
from pygments.util import ClassNotFound

LONGEST: Final = 20_000
"""Characters of code that are coloured; longer code is shown in one colour."""
_CLASSES: Final = (
    (Comment, "hc"),
    (Keyword, "hk"),
    (Name.Function, "hf"),
    (Name.Class, "hf"),
    (Name.Decorator, "hf"),
    (Name.Builtin, "hb"),
    (Name.Tag, "hk"),
    (Number, "hn"),
    (String, "hs"),
    (Token.Operator.Word, "hk"),
    (Token.Generic.Inserted, "hs"),
    (Token.Generic.Deleted, "hn"),
)


def coloured(code: str, language: str) -> Markup:
    """The inside of a code block; as it is where the language is unknown."""
    if not language or len(code) > LONGEST:
        return escape(code)
    try:
        lexer = get_lexer_by_name(language.lower(), stripnl=False, ensurenl=False)
        tokens = list(lexer.get_tokens(code))
    except ClassNotFound:
        return escape(code)
    shown = Markup()
    for kind, text in tokens:
        name = next((css for one, css in _CLASSES if kind in one), None)
        shown += Markup('<span class="{}">{}</span>').format(name, text) if name else text
    return shown
