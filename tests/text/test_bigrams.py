"""What is asked for is found exactly where it stands, whatever the script."""

import sqlite3
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.text.bigrams import LONGEST, Phrase, fts5, pieces, query, spaced, tsquery

SYLLABLES = "메타러닝학습을의デー深層"
korean = st.text(st.sampled_from(SYLLABLES + "  .,\n"), max_size=40)
asked = st.text(st.sampled_from(SYLLABLES), min_size=1, max_size=5)


def holds(stored: list[str], phrase: Phrase) -> bool:
    """What a full-text index does with a phrase."""
    size = len(phrase.pieces)
    for start in range(len(stored) - size + 1):
        here = stored[start : start + size]
        if here[:-1] != list(phrase.pieces[:-1]):
            continue
        if here[-1] == phrase.pieces[-1] or (
            phrase.prefix and here[-1].startswith(phrase.pieces[-1])
        ):
            return True
    return False


def found(text: str, words: str) -> bool:
    stored = pieces(text)
    return all(holds(stored, phrase) for phrase in query(words))


@given(korean, asked)
@example("메타 타러", "메타러")
@example("학습", "습")
def test_a_run_is_found_exactly_where_it_is_a_substring(text: str, words: str) -> None:
    assert found(text, words) == (words in text)


@given(st.lists(st.tuples(korean, asked), max_size=5))
def test_sqlite_agrees(pairs: list[tuple[str, str]]) -> None:
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 0')")
        for row, (text, _) in enumerate(pairs):
            db.execute("INSERT INTO t(rowid, x) VALUES (?, ?)", (row, " ".join(pieces(text))))
        for _, words in pairs:
            rows = db.execute("SELECT rowid FROM t WHERE t MATCH ?", (fts5(query(words)),))
            expected = {row for row, (text, _) in enumerate(pairs) if words in text}
            assert {row for (row,) in rows} == expected


@given(st.text(max_size=60))
def test_normal_forms_give_the_same_pieces(text: str) -> None:
    assert pieces(unicodedata.normalize("NFD", text)) == pieces(unicodedata.normalize("NFC", text))


@given(
    st.text("aBv019+#. -\n_'", max_size=20)
    | st.text("aBv01+# 가힣ㄱㅋㅎㅏㅣ·…", max_size=20)
    | st.text(st.characters(max_codepoint=127))
)
@example("arXiv:2007.10909v2 a C++ c# F#,")
@example("ㅋㅋ 가ㅋㅋ, ㅠㅠ가")
def test_a_common_text_has_the_same_pieces_wherever_it_stands(text: str) -> None:
    assert pieces(f"{text} й") == [*pieces(text), "й"]


@given(st.text(max_size=60) | st.text("aB v019+#.가", max_size=60))
@example("C++ of 2611.00001v2")
@example("a" * 600 + " b")
@example("b " * 300)
def test_an_index_takes_the_same_pieces(text: str) -> None:
    assert spaced(text).split() == [piece[:LONGEST] for piece in pieces(text)]


@given(st.text(max_size=40))
def test_pieces_hold_letters_digits_and_marks_only(text: str) -> None:
    for piece in pieces(text):
        assert piece
        # Cn: assigned in a newer Unicode than Python's own tables know
        assert all(unicodedata.category(c)[0] in "LNM" or not c.isprintable() for c in piece)


@given(st.text(max_size=40))
@example('"a b"* AND NOT ( ^ : -')
def test_any_query_is_one_that_sqlite_takes(text: str) -> None:
    if phrases := query(text):
        with sqlite3.connect(":memory:") as db:
            db.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
            found = db.execute("SELECT * FROM t WHERE t MATCH ?", (fts5(phrases),))
            assert found.fetchall() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("메타러닝을 이용한 few-shot learning의 결과", "메타러닝"),
        ("메타러닝을 이용한 few-shot learning의 결과", "few shot learning의"),
        ("메타러닝을 이용한 few-shot learning의 결과", '"few shot learning의"'),
        ("CNN을 쓰는 기존의CNN", "CNN을 의CNN 기존의CNN"),
        ("Hölder, Erdős, Łukasz, Straße, ΆΒΓ", "holder erdos lukasz strasse αβγ"),
        ("holder", "HÖLDER"),
        ("a C++ and C#을 k-NN GPT-4", "C++ c# k-nn gpt-4"),
        ("arXiv:2007.10909v2 astro-ph/0601001v1", "2007.10909 astro-ph/0601001"),
        ("arXiv:2007.10909v2", "2007.10909v2"),
        ("深層学習とデータ", "学習 データ ﾃﾞｰﾀ"),
        ("Transformers", "transf*"),
        ("ZeRO++, k-means++ on 1,600+ tasks", "zero zero++ k-means 1,600 tasks"),
        ("self_supervised ＦＵＬＬ CO₂", "self-supervised full CO2"),
        ("йод हिन्दी ㅋㅋㅋ", "ЙОД हिन्दी ㅋㅋ"),
        (unicodedata.normalize("NFD", "자연어처리"), "연어"),
    ],
)
def test_found(text: str, words: str) -> None:
    assert found(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("메타 학습", "메타학습"),
        ("learning", "earn"),
        ("a C language", "C++"),
        ("an A plus", "A+"),
        ("иод", "йод"),
        ("かき", "がき"),
        ("few other shots", '"few shots"'),
        ("Transformers", "transf"),
    ],
)
def test_not_found(text: str, words: str) -> None:
    assert not found(text, words)


def test_what_is_still_being_typed_is_a_beginning() -> None:
    assert query("vision transf", unfinished=True) == [
        Phrase(("vision",)),
        Phrase(("transf",), prefix=True),
    ]
    assert query("학습", unfinished=True) == [Phrase(("학습",))]


def test_forms_for_the_stores() -> None:
    phrases = query("메타러닝 GPT-4 의")
    assert fts5(phrases) == '"메타 타러 러닝" AND "gpt 4" AND "의" *'
    assert tsquery(phrases) == "'메타' <-> '타러' <-> '러닝' & 'gpt' <-> '4' & '의':*"
    assert fts5([]) == tsquery([]) == ""
    assert query("*** -- ( ) \u200b") == []


def test_endless_queries_are_cut() -> None:
    assert len(query("a " * 4000)) == 64
    assert len(query("가" * 4000)[0].pieces) == 3999


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("ผมชอบการเรียนรู้เชิงลึกมาก", "เรียนรู้"),
        ("ខ្ញុំរៀនភាសា", "រៀន"),
        ("ຂ້ອຍຮຽນຮູ້ພາສາ", "ຮຽນຮູ້"),
        ("ёлка и за́мок", "елка замок"),
        ("قال مُحَمَّد", "محمد"),
        ("שָׁלוֹם עולם", "שלום"),
        ("대박 🎉 논문", "🎉"),
        ("great👍🏽", "👍"),
        ("won by 🇰🇷", "🇰🇷"),
    ],
)
def test_scripts_without_blanks_marks_and_emoji(text: str, asked: str) -> None:
    assert all(holds(pieces(text), phrase) for phrase in query(asked))
    assert not any(holds(pieces("nothing of it й"), phrase) for phrase in query(asked))
