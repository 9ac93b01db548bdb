"""Tags and links as members write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.tags import TextLinkKind, is_tag, links, retag, tag_key, tags

TOKENS = [*"#abA1_-/ \n`[]()<>*가", "https://a.org", "```", "[["]
TEXT = st.lists(st.sampled_from(TOKENS), max_size=80).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#review", ("review",)),
        ("#few-shot #자연어처리 #c_1 #a/b", ("few-shot", "자연어처리", "c_1", "a/b")),
        ("끝.\n\n#GAN #gan #Gan", ("GAN",)),
        ("# title\n## second\n#tag", ("tag",)),
        ("#1 #2020 #3-4 #1stage", ("1stage",)),
        ("https://a.org/#frag [x](https://a.org/#y) <https://a.org#z> [[a#b]]", ()),
        ("`#no` ```\n#no\n``` #yes", ("yes",)),
        ("<#123> C# F#b &#39; a#b ##no \\#no", ()),
        ("(#a), **#b**; #c. #d!", ("a", "b", "c", "d")),
        ("#한글#english", ("한글", "english")),
        (
            "#機械学習 #データ #обучение #tiếng_việt #हिन्दी",
            ("機械学習", "データ", "обучение", "tiếng_việt", "हिन्दी"),
        ),
        ("#\u1100\u1161 #가", ("\u1100\u1161",)),
        ("#trailing- #slash/ #under_", ("trailing", "slash", "under")),
    ],
)
def test_tags(text: str, expected: tuple[str, ...]) -> None:
    assert tags(text) == expected


@given(TEXT)
def test_tags_are_unique_and_stand_in_the_text(text: str) -> None:
    found = tags(text)
    assert len({tag.casefold() for tag in found}) == len(found)
    assert all(f"#{tag}" in text for tag in found)


@given(TEXT)
def test_links_stand_where_they_say(text: str) -> None:
    position = 0
    for link in links(text):
        assert position <= link.start < link.end <= len(text)
        assert link.target in text[link.start : link.end]
        position = link.end


def urls(text: str) -> list[str]:
    return [link.target for link in links(text)]


def test_bare_urls() -> None:
    paper = "https://arxiv.org/abs/2001.10913"
    assert urls(f"memo({paper}) 이후로") == [paper]
    assert urls(f"memo({paper})을 보면") == [paper]
    assert urls(f"{paper}에서 {paper}, {paper}. “{paper}” <{paper}> **{paper}**") == [paper] * 6
    assert urls(f"{paper}。{paper}、（{paper}）") == [paper] * 3
    assert urls("https://en.wikipedia.org/wiki/A_(b) (https://a.org/x_(y))") == [
        "https://en.wikipedia.org/wiki/A_(b)",
        "https://a.org/x_(y)",
    ]
    assert urls("https://ko.wikipedia.org/wiki/한국") == ["https://ko.wikipedia.org/wiki/한국"]
    assert urls(f"`{paper}` ```\n{paper}\n``` https:// http://.") == []
    assert urls("HTTP://A.org/?q=a&b=c#d;") == ["HTTP://A.org/?q=a&b=c#d"]


def test_masked_and_wiki_links() -> None:
    (masked,) = links("[a [b] c](<https://a.org>)")
    assert (masked.kind, masked.target, masked.label) == (
        TextLinkKind.MASKED,
        "https://a.org",
        "a [b] c",
    )
    (wiki,) = links("see [[200129 Empirical Attention]].")
    assert (wiki.kind, wiki.target, wiki.start) == (
        TextLinkKind.WIKI,
        "200129 Empirical Attention",
        4,
    )
    (aliased,) = links("[[Note#part|shown]]")
    assert (aliased.target, aliased.label) == ("Note", "shown")
    assert not links("[[]] [[#x]] [a](b)")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("see #Old and #other", "see #new and #other"),
        ("#old #new", "#new"),
        ("#old, #new", "#new, #new"),
        ("#old\n#new", "#new\n#new"),
        (
            "`#old` [x #old](https://e.com/#old) #older",
            "`#old` [x #old](https://e.com/#old) #older",
        ),
    ],
)
def test_retag(text: str, made: str) -> None:
    assert retag(text, {"old"}, "new") == made


@given(st.text(st.sampled_from("#abAB -\n`"), max_size=40))
def test_a_tag_that_was_renamed_is_gone(text: str) -> None:
    found = {tag_key(name) for name in tags(text)}
    renamed = {tag_key(name) for name in tags(retag(text, {"a"}, "zz"))}
    assert renamed == ({*found, "zz"} - {"a"} if "a" in found else found)


def test_what_is_one_tag() -> None:
    assert is_tag("few-shot")
    assert is_tag("강화학습")
    assert not any(map(is_tag, ("", "two words", "123", "#x", "a-", "a#b")))
