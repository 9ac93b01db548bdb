"""Texts that nothing may stumble over: of the grammars that the program reads, and of none."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from hypothesis import strategies as st
from lxml import etree

DATA = Path(__file__).parent / "data"
_OURS = {"README.md", "INDEX.md", "NOTICE.md"}

SIGNS = [
    "\0", "\x07", "\x1b", "\x7f", "\x85", "\n", "\r", "\r\n", "\t", "\u2028", "\u2029",
    "\ufeff", "\ud800", "\udcff", "\udbff\udbff", "\u200b", "\u200d", "\u2060", "\u00ad",
    "\u202e", "\u2066", "\u2069", "\u200f", "\u061c", "\u0301", "\u0301" * 40, "\u20dd",
    "\ufe0f", "👩‍👩‍👧", "🇰🇷", "👍🏽", "\U000e0067", "\U0010ffff", "\uffff", "\ue0f0",
    "\ue0f1", "\ue000", "가", "ᄀ", "ㄱ", "각", "中文", "日本語。", "ß", "İ", "ﬁ", "Ａ", "①",
    "½", "²", "٣", "߁", "𝟜", "ǅ", "ŉ", "ΐ", "ﷺ",
]  # fmt: skip
MARKUP = [
    "*", "**", "***", "_", "__", "~~", "||", "`", "``", "```", "```python\n", "> ", ">>> ",
    "# ", "-# ", "- ", "1. ", "999999999999. ", "    ", "\\", "\\\\", "[", "]", "(", ")", "[[",
    "]]", "](", "[a](https://b.org)", "[a](<https://b.org>)", "<", ">", "<https://a.org/x_y>",
    "<@1>", "<@&1>", "<#1>", "<:a:1>", "<t:1:R>", "<t:99999999999999999999>", "</take:1>",
    "@everyone", "@here", "https://", "https://a.org/(x)_[y]*z", "http://[::1",
    "https://arxiv.org/abs/2007.10909v1", "#tag", "#", "#1", "[[note|shown]]", "[[note#part]]",
    "![[x]]", "|a|b|\n|-|-|\n", "---\n", "<!-- ", "<script>", "&amp;", "&#0;", "$", "$$",
    "$x_1$", "\\alpha", "\\'e", "%", "part 2.", "2부",
]  # fmt: skip
QUERIES = [
    "AND", "OR", "NOT", "ANDNOT", "and", "&&", "|", "!", "-", "+", "(", ")", "((((", '"', '"*',
    "*", "?", "ti:", "au:", "abs:", "cat:", "co:", "jr:", "rn:", "id:", "all:", "tag:", "by:",
    "before:", "after:", "submittedDate:[", "TO", "nope:", ":", "::", "cs.LG", "cs.*", "*.*",
    "q-alg", "2007.10909", "hep-th/9901001v3", "0704.0001", "9999.99999v999", "2020-13-45",
    "0000-00-00", "9999-12-31", "1-1-1", "yesterday", "last week", "#3", "#-1",
    "99999999999999999999", "-0", "w/", "NEAR/3", "~2", "^2", "\\", "%22", "+AND+",
    "search_query=", "메타러닝", "그리고", "또는",
]  # fmt: skip
FRONT = [
    "---\n", "...\n", "date: 2020-07-26\n", "date: 2020-99-99\n", "tags: [a, b\n",
    "tags:\n- a\n", "title: *x\n", "title: &x\n", "a: !!python/object:os.system\n",
    "a: {b: [c\n", "? x\n", "key: |\n  x\n", "~: ~\n", "#\n", "200726 Title\n",
    "# 200726 Title\n", "## A\n", "Ada: x\n", "https://arxiv.org/abs/2007.10909\n",
    "Title (A B, C D)\n", "^id\n", "- [ ] x\n", "%%x%%\n", "9999999 x\n", "000000 x\n",
    "200732 x\n", "\r\n", "\n\n\n",
]  # fmt: skip
ATOMS = [*SIGNS, *MARKUP, *QUERIES, *FRONT]


def _lengthened(pair: tuple[str, int]) -> str:
    text, times = pair
    return text * (times if len(text) * times < 20_000 else 1)


@st.composite
def _pieces(draw: st.DrawFn) -> str:
    found = draw(st.lists(st.one_of(st.sampled_from(ATOMS), st.text(max_size=4)), max_size=12))
    return draw(st.sampled_from(["", " "])).join(found)


def texts() -> st.SearchStrategy[str]:
    """Any text: of the grammars' own pieces, put together wrongly; now and then long."""
    times = st.sampled_from([1] * 12 + [3, 50, 1000])
    return st.tuples(_pieces(), times).map(_lengthened)


def lines() -> st.SearchStrategy[str]:
    """The same where a field has few pieces."""
    return st.lists(st.sampled_from(ATOMS), max_size=4).map("".join)


@lru_cache(1)
def recorded() -> tuple[str, ...]:
    """The texts that were recorded: the paragraphs of files, and what elements of XML say."""
    found: list[str] = []
    for path in sorted(DATA.rglob("*")):
        if path.suffix == ".xml" and path.is_file():
            tree = etree.fromstring(path.read_bytes(), etree.XMLParser(recover=True))
            found += (
                "".join(one.itertext(with_tail=False))
                for one in tree.iter(etree.Element)
                if not len(one)
            )
        elif path.suffix in {".md", ".toml", ".tsv"} and path.name not in _OURS:
            text = path.read_bytes().decode("utf-8", "replace")
            found += [text, *text.split("\n\n")]
    return tuple(dict.fromkeys(text[:4_000] for text in found))
