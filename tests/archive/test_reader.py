"""Reading files of an archive: nothing is lost, and the forms that occur are understood."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.archive.parser.body import assemble, build, dump, load, take_text
from bot.archive.parser.days import only_day
from bot.archive.parser.encodings import decoded, encoded
from bot.archive.parser.file_names import dated
from bot.archive.parser.model import ArchivedEntry, FileKind, PaperForm, ParsedFile, Role
from bot.archive.parser.prose import prose
from bot.archive.parser.reader import kept_as_text, parse, render
from bot.archive.parser.roundtrip import clean, restore
from bot.archive.parser.subject import subject_of
from bot.model.reference import ArxivReference

ARCHIVE = Path(__file__).parents[1] / "data" / "ml-papers"
FILES = sorted(path for path in ARCHIVE.rglob("*.md") if path.name != "README.md")
LINES = st.sampled_from(
    [
        "https://arxiv.org/abs/2007.10909",
        "https://arxiv.org/abs/2007.10909v2 text",
        " https://arxiv.org/pdf/2007.10909.pdf",
        "https://example.org/a",
        "Title: of it (Ada Lovelace, Alan Turing)",
        "*Title* (Ada Lovelace, Alan Turing)",
        "Title wrapped over",
        "  two lines (Ada Lovelace, Alan Turing)",
        "Title (https://arxiv.org/abs/2007.10396)",
        "[Title](https://arxiv.org/abs/2007.10396)",
        "1. Title https://arxiv.org/abs/2007.10396",
        "> quoted abstract",
        "메타러닝을 쓰는 방법.",
        "<english>",
        "</english>",
        "<english>one line of it</english>",
        "#tag #few-shot #태그",
        "# 200726 최근 논문들에 대한 생각",
        "## section",
        "#",
        "---",
        "```",
        "[[200129 Empirical Attention]]",
        "",
        " \t",
        "\ufeff",
        "| 2007.10909",
    ]
)
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n", ""])


def read(text: str, path: str = "2020/200726 SliceOut.md") -> ParsedFile:
    document = parse(path, text.encode())
    assert render(document) == text.encode()
    return document


def said(document: ParsedFile, entry: ArchivedEntry) -> list[str]:
    return [take_text(document, take) for take in entry.takes]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:40])
def test_every_file_of_the_archive_comes_back(path: Path) -> None:
    data = path.read_bytes()
    document = parse(str(path.relative_to(ARCHIVE)), data)
    assert render(document) == data
    assert_stored(document, data)
    assert document.day is not None


def assert_stored(document: ParsedFile, data: bytes) -> None:
    """As a body with its takes elsewhere the file comes back too."""
    numbers, texts, number = [], {}, 0
    for entry in document.entries:
        its = []
        for take in entry.takes:
            number += 1
            its.append(number)
            texts[number] = take_text(document, take)
        numbers.append(its)
    body = load(dump(build(document, numbers)))
    assert encoded(assemble(body, texts), body.encoding) == data


@given(st.binary(max_size=300), st.sampled_from(["a.md", "200726 A.md", "README.md"]))
def test_any_bytes_come_back(data: bytes, path: str) -> None:
    document = parse(path, data)
    assert render(document) == data
    assert_stored(document, data)


@given(
    st.lists(st.tuples(LINES, ENDS), max_size=30),
    st.sampled_from(["200726 Title.md", "200726 Thoughts on recent papers.md", "a/b.md"]),
    st.binary(max_size=3),
)
def test_any_mixture_of_forms_comes_back(
    lines: list[tuple[str, str]], path: str, stray: bytes
) -> None:
    data = "".join(line + end for line, end in lines).encode() + stray
    document = parse(path, data)
    assert render(document) == data
    assert_stored(document, data)
    assert [block.start for block in document.blocks[1:]] == [
        block.end for block in document.blocks[:-1]
    ]


@given(
    st.text(st.characters(), max_size=50)
    | st.binary(max_size=50).map(lambda data: decoded(data)[0])
)
def test_cleaning_can_be_undone(source: str) -> None:
    cleaned = clean(source)
    assert restore(cleaned) == source
    assert not any(char in "\x00\r" or "\ud800" <= char <= "\udfff" for char in cleaned.text)


def test_the_forms_of_the_archive_are_all_understood() -> None:
    forms: dict[PaperForm, int] = {}
    takes, without = 0, []
    for path in FILES:
        document = parse(str(path.relative_to(ARCHIVE)), path.read_bytes())
        for entry in document.entries:
            forms[entry.form] = forms.get(entry.form, 0) + 1
            takes += len(entry.takes)
        if not document.entries:
            without.append(path.stem)
    # Two notes and a post name no paper at all, or name several in one sentence.
    assert without == [
        "191022 MelGAN",
        "191118 Anchor-Free",
        "201126 Thoughts on recent papers 1",
    ]
    others = {PaperForm.FRONT, PaperForm.LINK_TEXT, PaperForm.TABLE, PaperForm.RECORD}
    assert set(forms) == set(PaperForm) - others
    assert forms[PaperForm.URL_TITLE] == 226
    assert takes == 244


def test_a_weekly_post() -> None:
    path = ARCHIVE / "reviews" / "200726 Thoughts on recent papers.md"
    document = parse(path.name, path.read_bytes())
    assert document.kind is FileKind.DIGEST
    assert (document.day, document.title) == (date(2020, 7, 26), "200726 최근 논문들에 대한 생각")
    assert document.intro == "이번에는 좀 놀아서 분량이 적다."
    assert document.tags == ("#review",)
    assert len(document.entries) == 11
    assert all(len(entry.takes) == 1 for entry in document.entries)
    first = document.entries[0]
    assert first.title == "SliceOut: Training Transformers and CNNs faster while using less memory"
    assert first.authors == ("Pascal Notin", "Aidan N. Gomez", "Joanna Yoo", "Yarin Gal")
    assert said(document, first)[0].startswith("채널이나 feature map의")
    assert "#review" not in said(document, document.entries[-1])[0]


def test_a_note_of_later_years() -> None:
    document = read(
        "---\ntags: [a]\ndate: 2024-11-25\n---\nhttps://arxiv.org/abs/2411.16646\n\n"
        "*Self-Generated Critiques* (Yue Yu, Zhengxing Chen)\n\n> Reward modeling is\n"
        "> crucial.\n\nCritique을 생성하는 모델.\n\n둘째 문단.\n\n"
        "<english>\nReward model.\n\nMore.\n</english>\n\n"
        "#reward-model #태그 ",
        "notes/Critic-RM.md",
    )
    assert document.day == date(2024, 11, 25)
    [entry] = document.entries
    assert (entry.form, entry.title) == (PaperForm.URL_TITLE, "Self-Generated Critiques")
    assert entry.authors == ("Yue Yu", "Zhengxing Chen")
    assert entry.abstract == "Reward modeling is crucial."
    assert said(document, entry) == [
        "Critique을 생성하는 모델.\n\n둘째 문단.\n\n#reward-model #태그",
        "Reward model.\n\nMore.",
    ]
    assert [take.language for take in entry.takes] == [None, "en"]


def test_a_second_take_in_bare_english() -> None:
    document = read(
        "https://arxiv.org/abs/2411.16646\n\n한국어로 쓴 글.\n\n"
        "And the same in plain English words, which are enough for a paragraph.\n\n#tag"
    )
    assert said(document, document.entries[0]) == [
        "한국어로 쓴 글.\n\n#tag",
        "And the same in plain English words, which are enough for a paragraph.",
    ]


ONE, TWO = "https://arxiv.org/abs/2001.00309", "https://arxiv.org/abs/2102.12702"


@pytest.mark.parametrize(
    ("text", "form", "title", "takes"),
    [
        (f"{ONE}\n\n#seg", PaperForm.URL, "", []),
        (f"{ONE} 새로운 모델.\n둘째.\n", PaperForm.URL_TEXT, "", ["새로운 모델.\n둘째."]),
        (f"Drop it: A ({ONE})\n글.", PaperForm.TITLE_URL, "Drop it: A", ["글."]),
        (f"Drop it: A({ONE})", PaperForm.TITLE_URL, "Drop it: A", []),
        (f"1. Drop it {ONE}\n글.", PaperForm.TITLE_URL, "Drop it", ["글."]),
        (f"[Drop it (a)]({ONE})", PaperForm.LINK, "Drop it (a)", []),
        (f"Lazy: A Title\n{TWO}\n글.", PaperForm.TITLE_URL_LINES, "Lazy: A Title", ["글."]),
        (f"# Lazy Title\n\n{TWO}\n\n글.", PaperForm.TITLE_URL_LINES, "Lazy Title", ["글."]),
        (f"글을 쓴다. {TWO} 참고.", PaperForm.RUNNING, "", [f"글을 쓴다. {TWO} 참고."]),
        ("arXiv:2102.12702\n\n글.", PaperForm.URL, "", ["글."]),
        (f"<{TWO}>\n\n글.", PaperForm.URL, "", ["글."]),
        (f"[Drop it]({ONE}) (Ada Lovelace, Alan Turing)\n글.", PaperForm.LINK, "Drop it", ["글."]),
        (f"{ONE}\n\nT: Drop it (A, B)\n\n글.", PaperForm.URL_TITLE, "T: Drop it", ["글."]),
        (f'---\ntitle: "T"\nurl: {ONE}\n---\n\n글.\n\n둘.', PaperForm.FRONT, "T", ["글.\n\n둘."]),
        ("---\narxiv: 2102.12702\n---\n글.", PaperForm.FRONT, "", ["글."]),
        (f"---\narxiv: '2102.12702'\n---\n{ONE}\n\n글.", PaperForm.URL, "", ["글."]),
    ],
)
def test_a_form(text: str, form: PaperForm, title: str, takes: list[str]) -> None:
    document = read(text)
    [entry] = document.entries
    assert isinstance(entry.reference, ArxivReference)
    assert (entry.form, entry.title, said(document, entry)) == (form, title, takes)


def test_authors_in_front_matter() -> None:
    for written in ("[Ada Lovelace, 'Alan Turing']", '\n  - Ada Lovelace\n  - "Alan Turing"'):
        [entry] = read(f"---\nauthors: {written}\nurl: {ONE}\ntags:\n- a\n---\n글.").entries
        assert entry.authors == ("Ada Lovelace", "Alan Turing")


def test_a_page_and_then_a_title_in_italics_is_another_paper() -> None:
    document = read(
        "https://twitter.com/a/status/1\n\n트윗.\n\nhttps://openreview.net/forum?id=X\n\n"
        "*Open Title* (Anonymous)\n\n메모.\n"
    )
    assert [entry.title for entry in document.entries] == ["", "Open Title"]


def test_a_list_of_links_is_a_note_and_a_list_of_papers_a_post() -> None:
    links = "SpanBERT https://arxiv.org/abs/1907.10529\nALBERT https://arxiv.org/abs/1909.11942\n"
    document = read(links + "XLNet https://arxiv.org/abs/1906.08237\n\n#nlp", "200129 LM.md")
    assert (document.kind, len(document.entries)) == (FileKind.NOTE, 3)
    assert [entry.title for entry in document.entries] == ["SpanBERT", "ALBERT", "XLNet"]
    assert [len(entry.takes) for entry in document.entries] == [0, 0, 0]
    assert document.entries[2].tags == ("nlp",)
    document = read(
        "인상적인 논문들.\n1. One thing https://arxiv.org/abs/1912.02424\n글.\n"
        "2. Other thing https://arxiv.org/abs/1912.02252\n글.\n"
        "3. Third thing https://arxiv.org/abs/1912.02253\n글.",
        "191210 Some.md",
    )
    assert (document.kind, len(document.entries)) == (FileKind.DIGEST, 3)
    assert document.intro == "인상적인 논문들."


def test_a_title_broken_into_two_lines_and_a_second_title() -> None:
    document = read(
        "https://arxiv.org/abs/2002.03704\n\nLiberty or Depth: Deep Nets\n  Do Not Need It"
        " (Ada Lovelace, Alan Turing)\n\nTry Depth (Ada Lovelace, Alan Turing)\n\n글.\n"
    )
    [entry] = document.entries
    assert entry.title == "Liberty or Depth: Deep Nets Do Not Need It"
    assert said(document, entry) == ["글."]


def test_links_in_a_note_stay_in_its_take() -> None:
    document = read(
        "https://arxiv.org/abs/2301.10226\n\nA Watermark (Ada Lovelace, Alan Turing)\n\n"
        "이런 방법. memo(https://arxiv.org/abs/2001.10913)와 [[200129 Empirical Attention]].\n\n"
        "https://twitter.com/a/status/1\n\nhttps://arxiv.org/abs/2001.10913\n"
    )
    [entry] = document.entries
    assert said(document, entry)[0].endswith("https://arxiv.org/abs/2001.10913")


def test_text_between_papers_is_kept_where_it_stands() -> None:
    document = read(
        "# 210403 생각\n\n처음.\n\nA: B (https://arxiv.org/abs/2103.17239)\n\n글이 있다.\n\n"
        "nerf 개선\n\n소개.\n\nC: D (https://arxiv.org/abs/2103.15595)\n\n끝.\n\n#review\n",
        "210403.md",
    )
    assert [kept.text for kept in kept_as_text(document)] == ["처음.", "nerf 개선\n\n소개."]
    assert [said(document, entry) for entry in document.entries] == [["글이 있다."], ["끝."]]


def test_an_index_and_a_licence_are_only_kept() -> None:
    document = read("# ML Papers\n1. [A](a.md) #b\nhttps://arxiv.org/abs/2103.17239\n", "README.md")
    assert document.kind is FileKind.PAGE
    assert document.entries == ()


def test_code_in_a_line_is_no_fence() -> None:
    document = read("글.\n\n```x``` 코드\n\nhttps://arxiv.org/abs/2103.17239\n\n글.\n")
    assert len(document.entries) == 1


def test_what_is_in_a_code_fence_is_no_paper() -> None:
    document = read("글.\n\n```\nhttps://arxiv.org/abs/2103.17239\n# x\n```\n")
    assert all(block.role is not Role.REFERENCE for block in document.blocks)


@pytest.mark.parametrize(
    ("name", "day", "title"),
    [
        ("200726 SliceOut", date(2020, 7, 26), "SliceOut"),
        ("2020-07-26 SliceOut", date(2020, 7, 26), "SliceOut"),
        ("20200726_SliceOut", date(2020, 7, 26), "SliceOut"),
        ("2023_05_17", date(2023, 5, 17), ""),
        ("2023.05.17 SliceOut", date(2023, 5, 17), "SliceOut"),
        ("230306", date(2023, 3, 6), ""),
        ("2007.10909", None, "2007.10909"),
        ("2012.1201 SliceOut", None, "2012.1201 SliceOut"),
        ("200231 No such day", None, "200231 No such day"),
        ("2007260 digits", None, "2007260 digits"),
        ("SliceOut", None, "SliceOut"),
        ("", None, ""),
    ],
)
def test_a_name_with_a_date(name: str, day: date | None, title: str) -> None:
    assert dated(name) == (day, title)


@pytest.mark.parametrize(
    ("heading", "day"),
    [
        ("2021-03-01", date(2021, 3, 1)),
        ("2021-03-01 (월) 읽은 논문", date(2021, 3, 1)),
        ("2021년 3월 1일 월요일", date(2021, 3, 1)),
        ("2021년 3월 1일에 읽은 논문들", date(2021, 3, 1)),
        ("논문 정리 2021-03-01", date(2021, 3, 1)),
        ("Reading 03/04/2021", date(2021, 3, 4)),
        ("Papers I read on 3 March 2021", date(2021, 3, 3)),
        ("2021-03-01 Wednesday notes", date(2021, 3, 1)),
        ("BERT 2021-03-01", None),
        ("Monotonic 2021-03-01", None),
        ("Reading notes", None),
    ],
)
def test_a_heading_that_is_a_day(heading: str, day: date | None) -> None:
    assert only_day(heading) == day


def test_a_withdrawn_take_leaves_its_place_only() -> None:
    text = "https://arxiv.org/abs/2001.00309\r\n\r\n하나.\r\n\r\n#seg\r\n"
    document = read(text)
    body = build(document, [[7]])
    assert assemble(body, {7: "하나.\n\n#seg"}) == text
    assert assemble(body, {7: "둘.\n\n셋."}) == text.replace("하나.\r\n\r\n#seg", "둘.\r\n\r\n셋.")
    assert assemble(body, {}) == "https://arxiv.org/abs/2001.00309\r\n\r\n"
    assert "하나" not in dump(body).encode().decode("unicode_escape")


@pytest.mark.parametrize(
    "hostile",
    ["(" * 50_000, "[" * 50_000 + "](", "#a," * 20_000 + "# ", "https://a.b/" * 5_000,
     "a (https://x.y " * 5_000, "<english>" * 5_000, "> " * 50_000, "- " * 50_000 + "x",
     "A (" + "Ada Lovelace, " * 5_000 + "B)", "---\n" + "a: b\n" * 20_000,
     "A\n(\n" * 10_000, "* * " * 20_000 + "x", "T (https://a.b/" + "(" * 20_000 + ")"],
)  # fmt: skip
def test_hostile_text_is_read_quickly(hostile: str) -> None:
    read(hostile)


@pytest.mark.parametrize("head", ["", f"{ONE}\n\n", "# 200726 Thoughts on recent papers\n\n"])
@pytest.mark.parametrize(
    "again",
    ["\n---\n", "\n# ", "[[[[", "[a](", "[a](https://x", "[[a]]\n", f"{ONE}\n", f"글\n\n{ONE}\n\n",
     "Alpha Networks (Ann Lee, Bo Li)\n\n", "A (b\n  c\n", "**", "다음은 a.\n\n", "<english>\na\n"],
)  # fmt: skip
def test_time_grows_with_the_text_alone(again: str, head: str) -> None:
    text = head + again * (200_000 // len(again))
    begun = process_time()
    document = parse("200726 x.md", text.encode())
    prose(document, {})
    subject_of(document)
    # It is under half a second; one that grew with the square of the text would take minutes.
    assert process_time() - begun < 8
