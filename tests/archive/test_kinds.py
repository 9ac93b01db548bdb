"""Kinds of notes and weekly posts, each in several forms: what a person sees, the reader sees."""

from __future__ import annotations

import pytest

from bot.archive.parser.body import take_text
from bot.archive.parser.model import ParsedFile
from bot.archive.parser.reader import parse, render
from bot.model.reference import ArxivReference

POST = "# 200726 최근 논문들에 대한 생각\n\n"
A, B, C = (f"https://arxiv.org/abs/2011.0000{n}" for n in (1, 2, 3))
PAGE, CODE = "https://example.org/eta", "https://github.com/ada/eta"


def read(text: str, path: str = "200726 Post.md") -> ParsedFile:
    document = parse(path, text.encode())
    assert render(document) == text.encode()
    return document


def seen(document: ParsedFile) -> list[tuple[str, str, list[str]]]:
    """Of each paper its id or address, its title, its takes without closing tags."""
    return [
        (
            entry.reference.id.value[-1]
            if isinstance(entry.reference, ArxivReference)
            else entry.reference.url
            if entry.reference
            else "",
            entry.title,
            [take_text(document, take) for take in entry.takes],
        )
        for entry in document.entries
    ]


ALPHA, BETA = "Alpha Networks for Everything", "Beta Learning: A Survey"
NAMES = "Ann Lee, Bo Li"
TWO = [("1", ALPHA, ["첫 코멘트."]), ("2", BETA, ["둘째 코멘트."])]
ONE_EACH = [("1", "", ["첫 코멘트."]), ("2", "", ["둘째 코멘트."])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The title above its address.
        (f"머리말.\n\n{ALPHA}\n\n{A}\n\n첫 코멘트.\n\n{BETA}\n\n{B}\n\n둘째 코멘트.\n", TWO),
        (f"{ALPHA}\n{A}\n\n첫 코멘트.\n\n{BETA}\n{B}\n\n둘째 코멘트.\n", TWO),
        (f"{ALPHA}\n{A}\n첫 코멘트.\n\n{BETA}\n{B}\n둘째 코멘트.\n", TWO),
        (f"{ALPHA} ({NAMES})\n\n{A}\n\n첫 코멘트.\n\n{BETA} ({NAMES})\n\n{B}\n\n둘째 코멘트.", TWO),
        (f"*{ALPHA}* (Qwen)\n{A}\n\n첫 코멘트.\n\n*{BETA}* (X Team)\n{B}\n\n둘째 코멘트.", TWO),
        (f"1. {ALPHA}\n\n{A}\n\n첫 코멘트.\n\n2. {BETA}\n\n{B}\n\n둘째 코멘트.", TWO),
        (f"## {ALPHA}\n\n{A}\n\n첫 코멘트.\n\n## 2. {BETA}\n{B}\n\n둘째 코멘트.", TWO),
        (f"**{ALPHA}**\n\n<{A}>\n\n첫 코멘트.\n\n**{BETA}**\n\n<{B}>\n\n둘째 코멘트.", TWO),
        # The title below it.
        (f"{A}\n\n{ALPHA}\n\n첫 코멘트.\n\n{B}\n\n{BETA}\n\n둘째 코멘트.\n", TWO),
        (f"{A}\n{ALPHA}\n\n첫 코멘트.\n\n{B}\n{BETA}\n\n둘째 코멘트.\n", TWO),
        (f"{A}\n\n{ALPHA} ({NAMES})\n첫 코멘트.\n{B}\n\n{BETA} ({NAMES})\n둘째 코멘트.\n", TWO),
        (f"{A}\n{ALPHA}\n({NAMES})\n\n첫 코멘트.\n\n{B}\n{BETA}\n{NAMES}\n\n둘째 코멘트.", TWO),
        # In one line with it, or with the take.
        (f"[{ALPHA}]({A})\n\n첫 코멘트.\n\n[{BETA}]({B}) ({NAMES})\n\n둘째 코멘트.", TWO),
        (f"- [{ALPHA}]({A}): 첫 코멘트.\n- [{BETA}]({B}) — 둘째 코멘트.", TWO),
        (f"## [{ALPHA}]({A})\n\n첫 코멘트.\n\n## [{BETA}]({B})\n\n둘째 코멘트.", TWO),
        (f"{A} 첫 코멘트.\n\n{B} 둘째 코멘트.\n", ONE_EACH),
        (f"머리말.\n\n{A} - 첫 코멘트.\n\n{B} - 둘째 코멘트.\n", ONE_EACH),
        (f"- {A} 첫 코멘트.\n- {B}: 둘째 코멘트.\n".replace(": ", " : "), ONE_EACH),
        ("arxiv.org/abs/2011.00001 첫 코멘트.\n\narxiv.org/abs/2011.00002 둘째 코멘트.", ONE_EACH),
        (f"{A} {ALPHA} ({NAMES})\n\n첫 코멘트.\n\n{B} {BETA} ({NAMES})\n\n둘째 코멘트.", TWO),
        (f"[{ALPHA} ({NAMES})]({A})\n첫 코멘트.\n\n{BETA} ({NAMES}) {B}\n둘째 코멘트.", TWO),
        (f"{A}\n{ALPHA} ({NAMES}), CVPR 2020\n\n첫 코멘트.\n\n{BETA} {B}\n둘째 코멘트.", TWO),
        # Addresses that are hard to see.
        (
            f"{A[8:]}\n\n첫 코멘트.\n\nwww.{B[8:]}\n\n둘째 코멘트.",
            ONE_EACH,
        ),
        (
            f"\u200b{A}\n\n{ALPHA} ({NAMES})\n\n첫 코멘트.\n\n"
            f"\ufeff\u2060{B}\u200b\n\n{BETA} ({NAMES})\n\n둘째 코멘트.",
            TWO,
        ),
        (f"Paper: {A}\n\n첫 코멘트.\n\n- **논문 링크**: {B}\n\n둘째 코멘트.", ONE_EACH),
        (
            f"[Link]({A})\n\n첫 코멘트.\n\n"
            f"[Link to the paper]({B}) | [Code]({CODE})\n\n둘째 코멘트.",
            ONE_EACH,
        ),
    ],
)
def test_papers_of_a_post(text: str, expected: list[tuple[str, str, list[str]]]) -> None:
    assert seen(read(POST + text)) == expected


@pytest.mark.parametrize(
    "between",
    [
        "8. 그 외",
        "다음은 메트릭 러닝.",
        "그 외",
        "기타",
        "**메트릭 러닝**",
        "다음으로 볼 것들은 메트릭 러닝 논문들입니다.",
        "메트릭 러닝",
        "나머지는 이런 것들:",
        "Next, metric learning.",
        "마지막으로 세그멘테이션.",
        "이제 메트릭 러닝.",
        "흥미로운 것을 덧붙이자면,",
        "II. Metric Learning",
        "■ 메트릭 러닝",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "{url}\n\n{title} (Ann Lee, Bo Li)\n\n{take}",
        "{title} ({url})\n\n{take}",
        "{title} (Ann Lee, Bo Li)\n\n{url}\n\n{take}",
    ],
)
def test_what_leads_over_is_in_no_take(between: str, form: str) -> None:
    one = form.format(url=A, title=ALPHA, take="첫 코멘트.")
    two = form.format(url=B, title=BETA, take="둘째 코멘트.")
    document = read(f"{POST}{one}\n\n{between}\n\n{two}\n")
    assert seen(document) == TWO
    kept = [document.source(one).strip() for one in document.blocks if one.role == "prose"]
    assert kept == [between]


def test_a_heading_stands_where_no_take_is() -> None:
    text = f"{ALPHA} ({A})\n\n그 외 이것저것\n\n{BETA} ({B})\n\n생성모델\n\nThree: It ({C})\n"
    assert [takes for *_, takes in seen(read(POST + text))] == [[], [], []]


@pytest.mark.parametrize(
    "take",
    [
        "이제 이런 것도 되네요.",
        "정확한 카메라 포즈에 대한 제약 풀기",
        "1. 빠르다.\n2. 작다.",
        "1. 빠르다\n\n2. 작다",
        "다음 토큰을 맞힌다. 그래서 좋다.",
        "Next token prediction, again.",
        "좋다.\n\n그 외에도 여러 가지를 시험했다. 재미있다.",
        "https://arxiv.org/abs/2003.06060 과 상당히 유사한 접근.",
    ],
)
def test_a_take_stays_whole(take: str) -> None:
    text = f"{POST}{A}\n{ALPHA} ({NAMES})\n{take}\n\n{B}\n{BETA} ({NAMES})\n둘째 코멘트.\n"
    assert seen(read(text)) == [("1", ALPHA, [take]), ("2", BETA, ["둘째 코멘트."])]


def test_a_page_below_a_paper_is_its_link_or_another_paper() -> None:
    text = f"{A}\n\n{ALPHA} ({NAMES})\n\n{CODE}\n\n첫 코멘트.\n\n{PAGE}\n\n{BETA}\n\n둘째 코멘트."
    assert seen(read(POST + text)) == [TWO[0], (PAGE, BETA, ["둘째 코멘트."])]


@pytest.mark.parametrize(
    "links",
    [
        f"{CODE}\n{A}\n{PAGE}",
        f"{A}\n{CODE}",
        f"{CODE}\n\n{A}",
        f"{A} {CODE}",
        f"{CODE}, {A}",
        f"[Paper]({A}) [Code]({CODE})",
        f"Code: {CODE}\nPaper: {A}",
        f"{A}v2\n{A}",
        f"{CODE}\n{A}\n",
    ],
)
@pytest.mark.parametrize("head", ["", POST])
def test_several_addresses_over_one_title_are_one_paper(links: str, head: str) -> None:
    text = f"{head}{links}\n\nEta: A Model ({NAMES})\n\n에타 코멘트.\n"
    assert seen(read(text)) == [("1", "Eta: A Model", ["에타 코멘트."])]


@pytest.mark.parametrize(
    ("written", "first", "last", "count"),
    [
        ("Gamma Team: Ann Lee, bo li, Cy Roe1", "Gamma Team", "Cy Roe", 4),
        ("GLM-4.5 Team", "GLM-4.5 Team", "GLM-4.5 Team", 1),
        ("DeepSeek-AI: A. B, C. D", "DeepSeek-AI", "C. D", 3),
        ("Qwen", "Qwen", "Qwen", 1),
        ("Qwen Team", "Qwen Team", "Qwen Team", 1),
        ("Team Hunyuan, :, Ann Lee", "Team Hunyuan", "Ann Lee", 2),
        ("ann lee, bo li", "ann lee", "bo li", 2),
        ("Ann Lee†, Bo Li*, Cy Roe¹", "Ann Lee", "Cy Roe", 3),
        ("Ann Lee1,2, Bo Li2", "Ann Lee", "Bo Li", 2),
        ("Ann Lee, Bo Li, *(additional authors not shown)*", "Ann Lee", "Bo Li", 2),
        ("Ann Lee, Bo Li, et al. (92 additional authors not shown)", "Ann Lee", "Bo Li", 2),
        ("Ann Lee, Bo Li, +12 authors", "Ann Lee", "Bo Li", 2),
        ("Ann Lee et al.", "Ann Lee", "Ann Lee", 1),
        ("김철수, 이영희", "김철수", "이영희", 2),
        ("OpenAI", "OpenAI", "OpenAI", 1),
        ("J. von Neumann, L. de Moura and A. Lee", "J. von Neumann", "A. Lee", 3),
        ("01.AI: Ann Lee, Bo Li", "01.AI", "Bo Li", 3),
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "{url}\n\n*{title}* ({names})\n\n> The abstract of gamma.\n\n감마 코멘트.\n",
        "{url}\n\n{title} ({names})\n\n감마 코멘트.\n",
        "{title} ({names})\n\n{url}\n\n감마 코멘트.\n",
        "{url}\n{title} ({names})\n> The abstract of gamma.\n\n감마 코멘트.\n",
    ],
)
def test_who_wrote_a_paper(written: str, first: str, last: str, count: int, form: str) -> None:
    document = read(form.format(url=A, title="Gamma Report", names=written))
    assert seen(document) == [("1", "Gamma Report", ["감마 코멘트."])]
    [entry] = document.entries
    assert (entry.authors[0], entry.authors[-1], len(entry.authors)) == (first, last, count)
    assert entry.abstract in ("", "The abstract of gamma.")


@pytest.mark.parametrize(
    "line",
    [
        "Delta-7B가 나왔네요. 좋군요.",
        "Nice follow-up to BERT (ACL 2020)",
        "Works well (fast, simple)",
        "Delta-7B is out.",
        "좋은 논문이다 (강력 추천)",
        "*정말 좋군요.*",
        "code is out",
        "Delta-7B가 나왔습니다",
        "Introduction",
        "Link to the paper",
        "Code",
    ],
)
def test_a_sentence_is_no_title(line: str) -> None:
    [entry] = read(f"{PAGE}\n\n{line}\n\n더 지켜보겠습니다.\n", "990104 Delta-7B.md").entries
    assert entry.title == ""
    assert len(entry.takes) == 1


@pytest.mark.parametrize(
    "quoted",
    [
        "> The abstract\n> of gamma.",
        "> The abstract\n>\n> of gamma.",
        "> The abstract\n\n> of gamma.",
        "> [!abstract]\n> The abstract of gamma.",
        "Abstract: The abstract\nof gamma.",
        "**Abstract** - The abstract of gamma.",
        "> The abstract\nof gamma.",
    ],
)
@pytest.mark.parametrize("title", ["", "*Gamma* (Ann Lee, Bo Li)\n\n", "Gamma Team Report\n\n"])
def test_the_abstract_is_no_take(quoted: str, title: str) -> None:
    [entry] = read(f"{A}\n\n{title}{quoted}\n\n감마 코멘트.\n", "x.md").entries
    assert entry.abstract == "The abstract of gamma."
    assert len(entry.takes) == 1


@pytest.mark.parametrize(
    ("text", "takes", "tags"),
    [
        ("Links:\n[[C team of a long name]]", [], []),
        ("코멘트.\n\n**Links**\n\n- [[c of a long name]]", ["코멘트."], []),
        ("#object_detection", [], ["object_detection"]),
        ("[[200129 Backbone Reallocation]]\n#a #b", [], ["a", "b"]),
        ("- [[Backbone Reallocation for many]]\n- [[Another]]", [], []),
        ("Tags: #a, #b", [], ["a", "b"]),
        ("# Links\n\n[[990103 C team of a very long name with many Latin words in it]]", [], []),
        (
            "코멘트.\n\n#tag\n\n# Links\n\n[[C team of a very long name in many Latin words]]",
            ["코멘트.\n\n#tag"],
            [],
        ),
        (
            "코멘트.\n\n## References\n\n- https://a.org/b\n- [[c]]\n\n## 더\n\n글.",
            ["코멘트.\n\n## 더\n\n글."],
            [],
        ),
        (
            "코멘트.\n\n## References\n\n이것도 읽을 것.",
            ["코멘트.\n\n## References\n\n이것도 읽을 것."],
            [],
        ),
        (
            "코멘트.\n\n[[C team of a very long name with many Latin words in it]]",
            ["코멘트.\n\n[[C team of a very long name with many Latin words in it]]"],
            [],
        ),
    ],
)
def test_what_only_leads_on_is_no_take(text: str, takes: list[str], tags: list[str]) -> None:
    document = read(f"{A}\n\n*Epsilon* (Ann Lee, Bo Li)\n\n{text}\n", "x.md")
    flat = [take.replace("\n\n\n\n", "\n\n") for take in seen(document)[0][2]]
    assert flat == takes
    assert list(document.entries[0].tags) == tags


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        (
            "주의의 PI 제어.\n\nPI control of attention.",
            ["주의의 PI 제어.", "PI control of attention."],
        ),
        ("한국어.\n\nNice.\n\n#tag", ["한국어.\n\n#tag", "Nice."]),
        (
            "한국어.\n둘째 줄.\n\nFirst one.\n\nSecond one.",
            ["한국어.\n둘째 줄.", "First one.\n\nSecond one."],
        ),
        ("한국어.\n\n<english>\nLost words here.\n<english>\n", ["한국어.", "Lost words here."]),
        ("한국어.\n\n<english>\nLost words here.\n", ["한국어.", "Lost words here."]),
        ("한국어.\n\nLost words here.\n</english>\n", ["한국어.", "Lost words here."]),
        ("한국어.\n\n<english>Lost words here.</english>\n", ["한국어.", "Lost words here."]),
        ("한국어.\n\n<english/>\nLost words here.\n<english/>\n", ["한국어.", "Lost words here."]),
        ("한국어.\n\n<english>\nOne.\n<japanese>\n二。\n", ["한국어.", "One.", "二。"]),
        ("<english>\nOne.\n</english>\n\n한국어.", ["한국어.", "One."]),
        ("한국어.\n\n```\ncode of it\n```", ["한국어.\n\n```\ncode of it\n```"]),
        ("한국어 https://a.org/x\n\nhttps://a.org/some/long/path/of/words", None),
        ("한국어.\n\n- ResNet\n- ViT", None),
        ("한국어.\n\n> A line that is quoted from the paper, with many words in it.", None),
    ],
)
def test_a_take_in_english_is_its_own(text: str, takes: list[str] | None) -> None:
    document = read(f"{A}\n\n*Theta* (Ann Lee, Bo Li)\n\n{text}\n", "x.md")
    assert seen(document)[0][2] == ([text] if takes is None else takes)


def test_a_title_without_an_address_keeps_its_take() -> None:
    document = read(
        f"{POST}{A}\n\n{ALPHA} ({NAMES})\n\n첫 코멘트.\n\n{BETA} ({NAMES})\n\n둘째 코멘트.\n"
    )
    assert seen(document) == [TWO[0], ("", BETA, ["둘째 코멘트."])]
    document = read(f"*{BETA}* ({NAMES})\n\n둘째 코멘트.\n", "x.md")
    assert seen(document) == [("", BETA, ["둘째 코멘트."])]
    document = read(f"*{BETA}* ({NAMES})\n\n> Quoted.\n\n{B}\n\n둘째 코멘트.\n", "x.md")
    assert seen(document) == [TWO[1]]


@pytest.mark.parametrize("path", ["200726 Reading.md", "Delta-7B.md"])
def test_several_papers_without_a_dated_heading(path: str) -> None:
    one = f"{ALPHA}\n\n{A}\n\n첫 코멘트.\n\n{BETA}\n\n{B}\n\n둘째 코멘트.\n"
    assert seen(read(one, path)) == TWO
    assert seen(read(f"{A} 첫 코멘트.\n\n{B} 둘째 코멘트.\n", path)) == ONE_EACH
    text = f"Delta-7B\n\n{PAGE}\n\n글이다.\n"
    assert seen(read(text, "990104 Delta-7B.md")) == [(PAGE, "Delta-7B", ["글이다."])]
