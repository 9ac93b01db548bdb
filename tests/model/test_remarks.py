"""What authors say beside their paper: venue, pages, code."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.model.links import PaperLink, PaperLinkKind, project_link
from bot.model.paper import PaperData
from bot.model.remarks import remarks
from tests.text import tex_grammar


@pytest.mark.parametrize(
    ("comment", "venue", "pages"),
    [
        ("12 pages, 5 figures, accepted at NeurIPS 2024. Code: https://github.com/a/b",
         "Accepted at NeurIPS 2024", 12),
        ("Accepted to CVPR 2025 (Oral). Project page: https://x.github.io/",
         "Accepted to CVPR 2025 (Oral)", None),
        ("Accepted by Phys. Rev. Lett., 6 pages + 10 pages supplement",
         "Accepted by Phys. Rev. Lett.", 6),
        ("16 pages, 7 figures; accepted for publication in MNRAS",
         "Accepted for publication in MNRAS", 16),
        ("ICLR 2025", "ICLR 2025", None),
        ("ACL 2023 Findings, 14 pages", "ACL 2023 Findings", 14),
        ("NeurIPS'23 camera-ready", "NeurIPS'23 camera-ready", None),
        ("AAAI-25 (Oral)", "AAAI-25 (Oral)", None),
        ("15 pages; to appear in Proc. of the 38th Conference on X (NeurIPS 2024), Vancouver",
         "To appear in Proc. of the 38th Conference on X (NeurIPS 2024), Vancouver", 15),
        ("Submitted to ApJ. Comments welcome", "Submitted to ApJ", None),
        ("This paper has been accepted by IEEE Transactions on Robotics",
         "Accepted by IEEE Transactions on Robotics", None),
        ("22 pages, 10 figures, 3 tables. ApJ accepted", "ApJ accepted", 22),
        ("Accepted 2024 May 3. Received 2023 December 1", "Accepted 2024 May 3", None),
        ("10 pages, 3 figures, to be published in JHEP", "To be published in JHEP", 10),
        ("Interspeech 2024", "Interspeech 2024", None),
        ("38 pp., 4 figs", "", 38),
        ("8 pages, LaTeX2e, uses amsart 2020", "", 8),
        ("v2: typos fixed", "", None),
        ("Comments are welcome!", "", None),
        ("", "", None),
    ],
)  # fmt: skip
def test_a_comment(comment: str, venue: str, pages: int | None) -> None:
    said = remarks(PaperData("2007.10909", "", comment=comment))
    assert (said.venue, said.pages) == (venue, pages)


CODE, PAGE = PaperLinkKind.CODE, PaperLinkKind.PROJECT


@pytest.mark.parametrize(
    ("comment", "abstract", "link"),
    [
        ("", "We build on LLaMA (https://github.com/meta/llama). Our code is available at "
             "https://github.com/me/mine.", PaperLink(CODE, "https://github.com/me/mine")),
        ("", r"Code is at \url{https://github.com/a/b_c}.", PaperLink(CODE, "https://github.com/a/b_c")),
        ("", r"\href{https://github.com/a/b}{code}", PaperLink(CODE, "https://github.com/a/b")),
        ("", r"code at github.com/me/my\_repo", PaperLink(CODE, "https://github.com/me/my_repo")),
        ("", "Project page: foo.github.io", PaperLink(PAGE, "https://foo.github.io")),
        ("", "Models and code: https://huggingface.co/o/m, https://github.com/o/r.",
         PaperLink(CODE, "https://github.com/o/r")),
        ("", "The code can be found at http://www.cs.edu/~smith/code.html.",
         PaperLink(PAGE, "http://www.cs.edu/~smith/code.html")),
        ("Code: https://gitlab.com/u/r", "Website at https://w.org.",
         PaperLink(CODE, "https://gitlab.com/u/r")),
        ("Project website: https://robo.example.edu/x/ . Video: https://youtu.be/abc", "",
         PaperLink(PAGE, "https://robo.example.edu/x/")),
        ("", "The dataset is derived from https://www.kaggle.com/x/y.", None),
        ("", "We use PyTorch (https://pytorch.org).", None),
        ("", "based on https://github.com/x/y", None),
        ("", "Code will be released at https://github.com/.", None),
        ("", "javascript:alert(1) ftp://a.b/c code", None),
        ("", "code: https://evil@github.com/a/b", None),
        ("", "published under https://creativecommons.org/licenses/by/4.0/", None),
        ("https://doi.org/10.1000/x", "See https://arxiv.org/abs/2007.10909.", None),
    ],
)  # fmt: skip
def test_the_papers_own_link(comment: str, abstract: str, link: PaperLink | None) -> None:
    assert project_link(comment, abstract) == link


@pytest.mark.slow
@given(tex_grammar.tex(), tex_grammar.tex())
def test_any_words_are_taken(comment: str, abstract: str) -> None:
    said = remarks(PaperData("2007.10909", "", abstract=abstract, comment=comment))
    assert said.link is None or said.link.url.startswith(("http://", "https://"))
