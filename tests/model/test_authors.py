"""Lists of authors and the parts of a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.authors import AuthorName, ShownAuthors, author_name, shown, tidy
from tests.text import tex_grammar


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (["DeepSeek-AI", ":", "A. B"], ("DeepSeek-AI", "A. B")),
        (["GLM-4.5 Team", ":", "Aohan Zeng", "et al."], ("GLM-4.5 Team", "Aohan Zeng", "et al.")),
        (["Gemini Team:", "Rohan Anil"], ("Gemini Team", "Rohan Anil")),
        (["Kimi Team: Yifan Bai", "C"], ("Kimi Team", "Yifan Bai", "C")),
        (["ATLAS Collaboration: G. Aad"], ("ATLAS Collaboration", "G. Aad")),
        (["A", "*additional authors not shown*"], ("A", "et al.")),
        (["A", "(113 additional authors not shown)"], ("A", "113 additional authors not shown")),
        (["et al", "A"], ("A", "et al.")),
        (["A. B et al."], ("A. B", "et al.")),
        (["A", "and others"], ("A", "et al.")),
        (["John Smith", "Jr.", "B"], ("John Smith Jr.", "B")),
        (["John Smith", "III"], ("John Smith III",)),
        ([r"P. Erd{\H o}s", r"{\O}rsted", "K.~Smith"], ("P. Erdős", "Ørsted", "K. Smith")),
        (
            [r"Ji\v{r}\'{\i} B{\"u}hler", r"O'Brien", 'Schr"oder'],
            ("Jiří Bühler", "O'Brien", "Schröder"),
        ),
        (
            [r"M. {\c S}ahin", r"A. \.Zak", r"N. \'Swi\k{a}tek"],
            ("M. Şahin", "A. Żak", "N. Świątek"),
        ),
        (["M&uuml;ller", "Erdo\u030bs", 'G{\\"o}del'], ("Müller", "Erdős", "Gödel")),
        (["-", "", " "], ()),
        (["Ai Xin", "Walter Van Assche"], ("Ai Xin", "Walter Van Assche")),
    ],
)
def test_a_list_as_it_is_kept(written: list[str], kept: tuple[str, ...]) -> None:
    assert tidy(written) == kept
    assert tidy(kept) == kept


@pytest.mark.slow
@given(st.lists(tex_grammar.tex(), max_size=3))
def test_any_list_is_kept(written: list[str]) -> None:
    assert all(name and name == name.strip() for name in tidy(written))


@pytest.mark.parametrize(
    ("written", "family", "given_name", "suffix"),
    [
        ("Joan R. Doe", "Doe", "Joan R.", ""),
        ("Walter Van Assche", "Van Assche", "Walter", ""),
        ("Maria van Oldeneel tot Oldenzeel", "van Oldeneel tot Oldenzeel", "Maria", ""),
        ("Ludwig van der Maaten", "van der Maaten", "Ludwig", ""),
        ("Santiago Ramón y Cajal", "Ramón y Cajal", "Santiago", ""),
        ("Charles de la Vallée Poussin", "de la Vallée Poussin", "Charles", ""),
        ("Gerard 't Hooft", "'t Hooft", "Gerard", ""),
        ("John Smith Jr.", "Smith", "John", "Jr."),
        ("John Smith, Jr.", "Smith", "John", "Jr."),
        ("John von Neumann III", "von Neumann", "John", "III"),
        ("Nguyen Van Linh", "Linh", "Nguyen Van", ""),
        ("bell hooks", "hooks", "bell", ""),
        ("Madonna", "Madonna", "", ""),
        ("Smith Jr.", "Smith", "", "Jr."),
    ],
)
def test_the_parts_of_a_name(written: str, family: str, given_name: str, suffix: str) -> None:
    assert author_name(written) == AuthorName(family, given_name, suffix)


@pytest.mark.parametrize(
    "team",
    [
        "GLM-4.5 Team", "DeepSeek-AI", "ATLAS Collaboration", "Gemini Team, Google", "Meta AI",
        "The Event Horizon Telescope Collaboration", "Human Cell Atlas Consortium",
    ],
)  # fmt: skip
def test_a_team_has_no_parts(team: str) -> None:
    assert author_name(team) == AuthorName(team, team=True)


def test_how_many_are_shown() -> None:
    names = [f"A{n}" for n in range(31)]
    assert shown(names[:30], 10, all_up_to=30) == ShownAuthors(tuple(names[:30]))
    assert shown(names, 10, all_up_to=30) == ShownAuthors(tuple(names[:10]), 21)
    assert shown(names, 3) == ShownAuthors(tuple(names[:3]), 28)
    assert shown(names, None) == ShownAuthors(tuple(names))
    assert shown(["A", "et al."], None) == ShownAuthors(("A",), 0, True)
    assert shown(["A", "B", "113 additional authors not shown"], 1) == ShownAuthors(("A",), 114)
