"""How many authors a digest shows of a paper."""

from __future__ import annotations

from bot.digest.section import authors_line
from bot.locale import texts

NAMES = [f"Ada Lovelace {number}" for number in range(3_000)]


def test_three_thousand_authors_never_fill_a_thread() -> None:
    say = texts("en")
    line = authors_line(NAMES, None, say)
    assert line.startswith("Ada Lovelace 0, ")
    assert line.endswith("Ada Lovelace 9 and 2990 more")
    assert authors_line(NAMES[:30], None, say).count(",") == 29
    assert authors_line(NAMES[:31], None, say).endswith("Ada Lovelace 9 and 21 more")
    assert authors_line(NAMES, 2, say) == "Ada Lovelace 0, Ada Lovelace 1 and 2998 more"
    assert authors_line(["Ada", "et al."], None, say) == "Ada et al."
    more = ["Ada", "113 additional authors not shown"]
    assert authors_line(more, None, say) == "Ada and 113 more"
    assert len(authors_line(["x" * 5_000], None, say)) <= 200
