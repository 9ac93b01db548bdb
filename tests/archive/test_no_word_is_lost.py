"""The law of reading: each word of a file is in a take, in a paper's head, in prose or in a
property, and each of these is searched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.archive.importing.paper_refs import papers_in
from bot.archive.parser.body import take_text
from bot.archive.parser.model import ParsedFile, Role
from bot.archive.parser.placing import placed, titles_told
from bot.archive.parser.prose import of_no_take, prose, url_of
from bot.archive.parser.reader import parse
from bot.store.fulltext.pages import paper_text
from bot.text.bigrams import pieces

ARCHIVE = Path(__file__).parents[1] / "data" / "ml-papers"
FILES = sorted(ARCHIVE.rglob("*.md"))
WORDS = st.sampled_from(
    [
        "alpha",
        "Beta",
        "메타러닝",
        "GAN을",
        "그 외",
        "다음은",
        "#tag",
        "[[wiki link]]",
        "of",
        "is.",
        "Ann Lee,",
        "Bo Li)",
        "(Qwen)",
        "*Title*",
        ":",
        "—",
        "https://example.org/a",
        "arXiv:2007.10396",
        "arxiv.org/abs/2007.10909",
        "\u200b",
        "1.",
        "-",
        "|",
        "|---|",
        "<english>",
        "</english>",
        "<english/>",
    ]
)
LINES = st.one_of(
    st.lists(WORDS, max_size=7).map(" ".join),
    st.sampled_from(
        [
            "",
            "",
            "",
            "https://arxiv.org/abs/2007.10909",
            "https://arxiv.org/abs/2007.10396",
            "https://github.com/ada/eta",
            "Alpha Networks for Everything",
            "Beta (Ann Lee, Bo Li)",
            "*Gamma* (Gamma Team: Ann Lee, bo li, Cy Roe1)",
            "[Delta: A Title](https://arxiv.org/abs/2007.10396)",
            "- [Delta](https://arxiv.org/abs/2007.10396): a note",
            "https://arxiv.org/abs/2007.10396 코멘트.",
            "> quoted abstract",
            "Abstract: of it",
            "# Links",
            "## 그 외",
            "## Title (Ann Lee, Bo Li)",
            "8. 그 외",
            "다음은 메트릭 러닝.",
            "# 200726 최근 논문들에 대한 생각",
            "```",
            "---",
            "#",
            "#a #b",
            "aliases: [x, y]",
            "Authors: Ann Lee, Bo Li",
            "PI control of attention.",
            "  indented",
        ]
    ),
)
MARKS = {"english", "https", "http", "www", "export", "arxiv", "org", "abs", "pdf", "html"}
"""Words of marks and of addresses' forms, which say nothing."""


def lost(document: ParsedFile) -> set[str]:
    """The words of a file by which it is not found."""
    texts = {
        url_of(entry.reference): paper_text(paper.url, paper.said)
        for entry, paper in zip(
            [one for one in document.entries if one.reference is not None],
            papers_in(document, 0),
            strict=True,
        )
        if entry.reference is not None
    }
    takes = [
        take_text(document, take)
        for entry in document.entries
        if entry.reference is not None
        for take in entry.takes
    ]
    searched = [*takes, *texts.values(), prose(document, texts)]
    found = set(pieces("\n".join(searched))) | MARKS
    return set(pieces(document.text)) - found


def assert_kept(path: str, text: str) -> None:
    document = parse(path, text.encode())
    document = placed(document, titles_told(document))
    assert not lost(document)
    # Where the takes are told from elsewhere, as in a database, nothing else is found.
    assert prose(document, {}) == prose(document, {}, of_no_take(document))
    assert all(
        block.role in (Role.TAKE, Role.TAGS, Role.PROSE) or block.entry is not None
        for block in document.blocks
        if block.role in (Role.TITLE, Role.ABSTRACT, Role.LINKS)
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:40])
def test_no_word_of_the_archive_is_lost(path: Path) -> None:
    assert_kept(path.name, path.read_text("utf-8"))


@given(
    st.lists(LINES, max_size=25),
    st.sampled_from(
        ["200726 Title.md", "200726 Thoughts on recent papers.md", "Delta-7B.md", ".md"]
    ),
)
def test_no_word_is_lost(lines: list[str], path: str) -> None:
    assert_kept(path, "\n".join(lines))
