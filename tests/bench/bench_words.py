"""Usual queries over real titles: what differs by a plural alone is found, and nothing else is.

    python -m tests.bench.bench_words [FILE …]

Each file has titles: JSON Lines (`title` in each, `.gz` or not) or a feed or list of arXiv's (XML);
without any, those in the repository. For each query the table tells the titles that have it in some
number (by the pattern beside it, written by hand), those that the words as they stand find, those
that the query finds, and how many of these are false; at the end the same for all, and what
Snowball's whole stemmer for English would find, with how much of that is false.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import snowballstemmer
from rich.console import Console
from rich.table import Table

from bot.model.paper import PaperData
from bot.model.query.match import holds
from bot.model.query.parse import parse
from bot.model.query.text import PaperText, prepare
from bot.model.query.tree import QueryField, Words
from bot.text.bigrams import pieces

ROOT = Path(__file__).parents[2]
DATA = (ROOT / "bot" / "sandbox" / "sample" / "papers.json", ROOT / "tests" / "data")
QUERIES = {
    'ti:"diffusion model"': r"diffusion models?",
    "ti:LLM": r"LLMs?",
    "ti:transformers": r"transformers?",
    'ti:"large language models"': r"large language models?",
    'ti:"language model"': r"language models?",
    'ti:"graph neural network"': r"graph neural networks?",
    'ti:"neural networks"': r"neural networks?",
    "ti:GNN": r"GNNs?",
    'ti:"vision-language model"': r"vision language models?",
    "ti:VLM": r"VLMs?",
    "ti:agent": r"agents?",
    "ti:benchmarks": r"benchmarks?",
    "ti:dataset": r"datasets?",
    'ti:"knowledge graphs"': r"knowledge graphs?",
    'ti:"recommender system"': r"recommender systems?",
    "ti:policy": r"polic(?:y|ies)",
    "ti:query": r"quer(?:y|ies)",
    "ti:analysis": r"analys[ie]s",
    "ti:matrix": r"matri(?:x|xes|ces)",
    "ti:bias": r"bias(?:es)?",
    "ti:GPU": r"GPUs?",
    "ti:PDE": r"PDEs?",
    'ti:"time series"': r"time series",
    "ti:attack": r"attacks?",
    "ti:embeddings": r"embeddings?",
    "ti:game": r"games?",
    "ti:process": r"process(?:es)?",
    "ti:hypothesis": r"hypothes[ei]s",
    "ti:few-shot": r"few shots?",
    'ti:"state space model"': r"state space models?",
}


@dataclass
class Counts:
    """Titles: those meant, and of what was found how many are among them and how many are not."""

    meant: int = 0
    letters: int = 0
    plural_found: int = 0
    missed: int = 0
    false: int = 0
    stemmed_found: int = 0
    stemmed_false: int = 0

    def add(self, other: Counts) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def plurals(self) -> int:
        """Titles that differ from the query by a plural."""
        return self.meant - self.letters


def main() -> None:
    given = [Path(one) for one in sys.argv[1:]] or list(DATA)
    texts = [prepared(title) for title in sorted(set(titles(given)))]
    table = Table(title=f"{len(texts):,} titles")
    for name in ("query", "meant", "as typed", "plurals", "found of them", "false",
                 "whole stemmer: of them", "false"):  # fmt: skip
        table.add_column(name, justify="right" if table.columns else "left")
    total = Counts()
    for typed, pattern in QUERIES.items():
        counts = counted(typed, pattern, texts)
        total.add(counts)
        table.add_row(typed, *row(counts))
    table.add_section()
    table.add_row("all", *row(total))
    Console(width=130).print(table)


def row(counts: Counts) -> list[str]:
    recall = f" {counts.plural_found / counts.plurals:.1%}" if counts.plurals else ""
    numbers = (counts.meant, counts.letters, counts.plurals, f"{counts.plural_found}{recall}")
    return [
        str(one) for one in (*numbers, counts.false, counts.stemmed_found, counts.stemmed_false)
    ]


def counted(typed: str, pattern: str, texts: Iterable[tuple[str, PaperText]]) -> Counts:
    """What a query finds, held against a pattern written by hand."""
    query = parse(typed)
    assert isinstance(query, Words)
    letters = f" {' '.join(pieces(query.text))} "
    whole = stemmed(letters)
    meant = re.compile(rf"(?<![^\W_]){pattern.replace(' ', '[^A-Za-z0-9]+')}(?![^\W_])", re.I)
    counts = Counts()
    for title, text in texts:
        is_meant = meant.search(title) is not None
        as_typed = letters in text.letters[QueryField.TITLE]
        found, by_whole = holds(query, text), whole in stemmed(text.letters[QueryField.TITLE])
        counts.meant += is_meant
        counts.letters += is_meant and as_typed
        counts.plural_found += is_meant and found and not as_typed
        counts.missed += is_meant and not found
        counts.false += found and not is_meant
        counts.stemmed_found += is_meant and by_whole and not as_typed
        counts.stemmed_false += by_whole and not is_meant
    return counts


_STEMMER = snowballstemmer.stemmer("english")
_STEMS: dict[str, str] = {}


def stemmed(letters: str) -> str:
    words = letters.split()
    for word in words:
        if word not in _STEMS:
            _STEMS[word] = _STEMMER.stemWord(word)
    return f" {' '.join(_STEMS[word] for word in words)} "


def prepared(title: str) -> tuple[str, PaperText]:
    return title, prepare(PaperData(None, title))


def titles(given: Sequence[Path]) -> Iterator[str]:
    """The titles in files, and in the files of folders."""
    for path in given:
        if path.is_dir():
            yield from titles(sorted(one for one in path.rglob("*") if one.is_file()))
        elif path.suffix == ".json":
            yield from (one["title"] for one in json.loads(path.read_text()) if "title" in one)
        elif path.name.endswith((".jsonl", ".jsonl.gz")):
            opened = gzip.open if path.suffix == ".gz" else open
            with opened(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    if title := json.loads(line).get("title"):
                        yield str(title)
        elif path.suffix == ".xml":
            text = path.read_text("utf-8", "replace")
            for title in re.findall(r"<(?:dc:)?title>([^<]+)</", text):
                yield " ".join(title.split())


if __name__ == "__main__":
    main()
