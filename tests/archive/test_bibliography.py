"""What reference managers get, of whatever titles and names."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from pybtex.database import parse_string

from bot.archive.formats.bibliography import bibtex, csl, key, ris
from bot.archive.formats.latex import latex, plain_latex
from bot.model.arxiv_id import ArxivId
from bot.model.paper import Metadata, Paper, PaperData
from tests.text import tex_grammar


@pytest.mark.parametrize(
    ("arxiv_id", "year", "month", "name"),
    [("2007.10909", 2020, 7, "jul"), ("hep-th/9901001", 1999, 1, "jan"),
     ("math/0309136", 2003, 9, "sep")],
)  # fmt: skip
def test_a_paper_that_is_to_be_completed(arxiv_id: str, year: int, month: int, name: str) -> None:
    """Its id stands for its title, and tells the month."""
    paper = Paper(1, ArxivId(arxiv_id).url, PaperData(arxiv_id, ""), Metadata.PENDING)
    bib = bibtex([paper])
    assert f"  title = {{{{{arxiv_id}}}}},\n" in bib
    assert f"  year = {{{year}}},\n  month = {name},\n" in bib
    assert f"PY  - {year}\r\nDA  - {year}/{month:02}/\r\n" in ris([paper])
    [item] = json.loads(csl([paper]))
    assert (item["title"], item["issued"]) == (arxiv_id, {"date-parts": [[year, month]]})


def test_a_page_has_no_date() -> None:
    paper = Paper(1, "https://example.org/a", PaperData(None, "A page"))
    assert "year" not in bibtex([paper])
    assert "PY  -" not in ris([paper])
    assert "issued" not in csl([paper])


HOSTILE = [
    r"\input{/etc/passwd}", r"\end{document}", r"}}} , year={", "{{{", "a % comment", "$", "$$",
    "\\", "\\\\", "#1 #2", "~^_&", "@misc{x,", '"quoted" title', r"\def\x{\x}\x", r"\csname",
    r"\begin{verbatim}", "학습과 추론", "Ж", "🙂", "x\x00y", "$x^a^b$", "$x_$", r"$\frac{1}$",
    r"$\left($", r"$\begin{array}$", r"$\undefined$", "$}{$", r"\ifx", r"$\hbox{$x$}$", r"\'",
    r"\H", r"{\bf", "title, with = {braces}", "Đorđe Ąę þorn ŋ", "ℝⁿ ⊙ ≲ ∛ ⟨x⟩", "?`!` -- ---",
    "[optional]", r"$\mathbb R$", r"$\mathbb{}$", r"$\sqrt{}$", "a\u0301b\u0323", "ﬁ ½ № ℵ Å µ",
    "$5 to $10", r"$\mathbb{R}^{d\times k}$, $p_T$, ${\rm H}_2$O", "x'^2'", r"$x'^2$ and $x^2'$",
]  # fmt: skip
NAMES = (
    "A. Author", "ATLAS Collaboration", "Procter and Gamble", "Maria van Oldeneel tot Oldenzeel",
    "John Smith Jr.", "Pál Erdős", "Walter Van Assche", "Gemini Team, Google", "et al.",
)  # fmt: skip


def hostile() -> list[Paper]:
    """Papers and pages with every title and name that has stopped a program."""
    examples = (Path(__file__).parents[1] / "data/tex/readable.tsv").read_text("utf-8").splitlines()
    titles = HOSTILE + [line.split("\t")[0] for line in examples if "\t" in line]
    found = []
    for number, title in enumerate(titles):
        one = f"2007.{10000 + number}"
        data = PaperData(one, title, (*NAMES, title[:40]), journal_ref=title)
        found.append(Paper(number, ArxivId(one).url, data))
        page = PaperData(None, title)
        found.append(Paper(10_000 + number, f"https://a.org/{number}_{{a}}%20#~", page))
    return found


def test_every_reader_takes_hostile_titles() -> None:
    papers = hostile()
    read = parse_string(bibtex(papers), "bibtex").entries
    assert [one.lower() for one in read] == [key(paper).lower() for paper in papers]
    first = read["arXiv:2007.10000"].persons["author"]
    assert [" ".join((*one.prelast_names, *one.last_names)) for one in first[:8]] == [
        "Author", "{ATLAS Collaboration}", "{Procter and Gamble}",
        "{van Oldeneel tot Oldenzeel}", "Smith", r"Erd{\H{o}}s", "Van Assche",
        "{Gemini Team, Google}",
    ]  # fmt: skip
    assert first[4].lineage_names == ["Jr."]
    assert str(first[-1]) == "others"
    items = json.loads(csl(papers))
    assert len(items) == len(papers)
    assert ris(papers).count("ER  - ") == len(papers)


@pytest.mark.latex
@pytest.mark.parametrize("preamble", ["", r"\usepackage[T1]{fontenc}\usepackage{amsmath}"])
def test_no_title_stops_a_latex_run(tmp_path: Path, preamble: str) -> None:
    if shutil.which("pdflatex") is None or shutil.which("bibtex") is None:
        pytest.skip("no LaTeX here: apt-get install texlive-latex-base")
    (tmp_path / "a.bib").write_text(bibtex(hostile()), "utf-8")
    (tmp_path / "a.tex").write_text(
        rf"\documentclass{{article}}{preamble}\begin{{document}}\nocite{{*}}"
        r"\bibliographystyle{plain}\bibliography{a}\end{document}"
    )
    latex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a"]
    for command in (latex, ["bibtex", "a"], latex):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-3000:]
    assert "Warning" not in (tmp_path / "a.blg").read_text("utf-8", "replace")


def test_what_is_no_bibtex_holds_unicode() -> None:
    data = PaperData(
        "2007.10909", r"$\alpha$-decay of {BERT} in H$_2$O",
        ("Pál Erdős", "GLM-4.5 Team", "et al."),
        abstract=r"For $x\le 1$.", journal_ref=r"J. Ex. {\bf 1}",
    )  # fmt: skip
    paper = Paper(1, ArxivId("2007.10909").url, data)
    [item] = json.loads(csl([paper]))
    assert item["title"] == "α-decay of BERT in H₂O"
    assert item["abstract"] == "For x≤1."
    assert item["author"] == [{"family": "Erdős", "given": "Pál"}, {"literal": "GLM-4.5 Team"}]
    assert "TI  - α-decay of BERT in H₂O\r\nAU  - Erdős, Pál\r\nAU  - GLM-4.5 Team\r\n" in ris(
        [paper]
    )
    assert r"title = {{$\alpha$-decay of BERT in H$_2$O}}" in bibtex([paper])


def test_a_page_tells_when_it_was_seen() -> None:
    page = Paper(1, "https://example.org/a", PaperData(None, "100% of C:\\x"))
    seen = {1: date(2026, 11, 29)}
    assert "  urldate = {2026-11-29},\n" in bibtex([page], seen)
    assert "Y2  - 2026/11/29\r\n" in ris([page], seen)
    [item] = json.loads(csl([page], seen))
    assert (item["accessed"], item["title"]) == ({"date-parts": [[2026, 11, 29]]}, "100% of C:\\x")


@given(tex_grammar.tex())
@settings(max_examples=200)
def test_a_title_is_balanced_whatever_it_is(title: str) -> None:
    for written in (latex(title), plain_latex(title)):
        assert written.count("{") == written.count("}")
        depth = 0
        for sign in re.sub(r"[^{}]", "", written):
            depth += 1 if sign == "{" else -1
            assert depth >= 0
        assert len(re.findall(r"(?<!\\)\$", written)) % 2 == 0
        assert not re.search(r"(?<!\\)[%#&]", written)
