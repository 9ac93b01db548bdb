"""Matching papers against subscriptions: the index and the straightforward loop, in one run.

    python -m tests.bench.bench_matching [papers] [subscriptions]

Prints a table: for 1 %, 10 % and all of the subscriptions the time to file them, the memory they
take, the time to match all papers, a pair's time of the loop (over a sample of both) and of the
index, and their ratio. Times are the processor's. Papers are the real abstracts of the sample and
made-up papers whose abstracts are real sentences in new company; the terms of the subscriptions
are drawn from their words, each of which therefore matches far more often than it would on arXiv.
"""

from __future__ import annotations

import gc
import re
import sys
import time
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from bot.model.paper import PaperData
from bot.model.query.match import holds
from bot.model.query.parse import parse
from bot.model.query.text import PaperText, prepare
from bot.model.query.tree import Query, QueryField, terms
from bot.sandbox.arxiv.papers import Paper, load_papers
from bot.sandbox.arxiv.simulate import simulate
from bot.subscriptions.keys import paper_keys, term_keys
from bot.subscriptions.matcher import Matcher
from bot.text.sentences import sentences

SAMPLE = Path(__file__).parents[2] / "bot" / "sandbox" / "sample" / "papers.json"
LOOP_PAPERS, LOOP_QUERIES = 50, 2_000
LEARNT_FROM = 300
_LATIN = re.compile("[A-Za-z]")
"""In what arXiv writes the names of authors."""
LONG_WORD = 5  # letters; shorter ones are seldom what anybody subscribes to


def main() -> None:
    count, most = (int(value) for value in [*sys.argv[1:], "1000", "100000"][:2])
    made = papers(count + LEARNT_FROM)
    begun = time.process_time()
    texts = [prepare(paper) for paper in made]
    preparing = (time.process_time() - begun) / len(texts)
    learnt, announced = texts[:LEARNT_FROM], texts[LEARNT_FROM:]
    asked = [parse(typed) for typed in typed_queries(made, most)]
    loop = loop_pair(announced, asked)

    table = Table(title=f"{count:,} papers, made ready in {preparing * 1e6:,.0f} µs each")
    for name in ("subscriptions", "filed in", "memory", "matched in", "a paper", "matches a paper",
                 "loop, a pair", "index, a pair", "times faster"):  # fmt: skip
        table.add_column(name, justify="right")
    for size in (most // 100, most // 10, most):
        table.add_row(*row(announced, learnt, asked[:size], loop))
    console = Console(width=140)
    console.print(table)
    console.print(lookups(announced, learnt, asked))


def row(
    announced: list[PaperText], learnt: list[PaperText], asked: list[Query], loop: float
) -> list[str]:
    matcher = Matcher[int](learnt)
    gc.collect()
    before = memory()
    begun = time.process_time()
    for number, query in enumerate(asked):
        matcher.add(number, query)
    filing = time.process_time() - begun
    gc.collect()
    taken = memory() - before
    begun = time.process_time()
    found = sum(len(matcher.match(paper)) for paper in announced)
    matching = time.process_time() - begun
    check(matcher, announced, asked)
    pair = matching / len(announced) / len(asked)
    return [
        f"{len(asked):,}",
        f"{filing:.2f} s",
        f"{taken / 1e6:.1f} MB",
        f"{matching:.2f} s",
        f"{matching / len(announced) * 1e3:.2f} ms",
        f"{found / len(announced):,.1f}",
        f"{loop * 1e9:,.0f} ns",
        f"{pair * 1e9:,.1f} ns",
        f"{loop / pair:,.0f}",
    ]


def loop_pair(announced: list[PaperText], asked: list[Query]) -> float:
    """Seconds a pair that the straightforward loop takes, papers made ready beforehand."""
    random = Random(7)
    some = random.sample(announced, min(LOOP_PAPERS, len(announced)))
    wanted = random.sample(asked, min(LOOP_QUERIES, len(asked)))
    begun = time.process_time()
    for paper in some:
        for query in wanted:
            holds(query, paper)
    return (time.process_time() - begun) / len(some) / len(wanted)


def check(matcher: Matcher[int], announced: list[PaperText], asked: list[Query]) -> None:
    """The index must say what the loop says; on a sample, for its time."""
    for paper in announced[:3]:
        wanted = {number for number, query in enumerate(asked) if holds(query, paper)}
        assert set(matcher.match(paper)) == wanted


def lookups(announced: list[PaperText], learnt: list[PaperText], asked: list[Query]) -> str:
    """The dictionary of keys against an Aho-Corasick automaton of the same keys."""
    try:
        ahocorasick = import_module("ahocorasick")
    except ImportError:
        return "(With pyahocorasick installed, its automaton is compared too.)"
    seen = Matcher[int](learnt)
    filed: set[str] = set()
    for query in asked:
        for term in terms(query):
            filed |= {key for key in term_keys(term, seen._cost) if ":" not in key}
    begun = time.process_time()
    automaton = ahocorasick.Automaton()
    for key in filed:
        needle = f" {key.removesuffix('*')}" if key.endswith("*") else f" {key} "
        automaton.add_word(needle, key)
    automaton.make_automaton()
    making = time.process_time() - begun
    lengths = {len(key) - 1 for key in filed if key.endswith("*")}
    words = {key: key for key in filed}.keys()
    begun = time.process_time()
    by_dictionary = [words & set(paper_keys(paper, lengths)) for paper in announced]
    dictionary = (time.process_time() - begun) / len(announced)
    begun = time.process_time()
    by_automaton = [{key for _, key in automaton.iter(p.texts[QueryField.ALL])} for p in announced]
    letters = (time.process_time() - begun) / len(announced)
    assert by_dictionary == by_automaton
    return (
        f"{len(filed):,} keys of text in a paper: dictionary {dictionary * 1e6:,.0f} µs, automaton"
        f" {letters * 1e6:,.0f} µs and {making:.2f} s to build it anew after a change"
    )


def papers(count: int) -> list[PaperData]:
    """Real papers first, then made-up ones with abstracts of real sentences."""
    random = Random(1)
    real = [data(paper) for paper in load_papers(SAMPLE)]
    pool = [sentence for paper in real for sentence in sentences(paper.abstract)]
    people = [author for paper in real for author in paper.authors]
    categories = sorted({name for paper in real for name in paper.categories})
    made = [data(line.paper) for line in simulate(2, 60, count / 20) if line.kind == "new"]
    found = list(real)
    for paper in made:
        mixed = paper._replace(
            authors=(*paper.authors, *random.sample(people, 3)),
            abstract=" ".join([paper.abstract, *random.sample(pool, 6)]),
            categories=(*paper.categories, random.choice(categories)),
        )
        found.append(mixed)
    random.shuffle(found)
    assert len(found) >= count
    return found[:count]


def data(paper: Paper) -> PaperData:
    """A paper of the loopback arXiv as the bot would read it."""
    return PaperData(
        paper.id,
        " ".join(paper.title.split()),
        tuple(author.name for author in paper.authors),
        " ".join(paper.abstract.split()),
        tuple(paper.categories),
    )


def typed_queries(made: list[PaperData], count: int) -> list[str]:
    """Queries of 2 to 5 terms out of the papers' own words, so that they do match."""
    random = Random(3)
    runs = [
        [word for word in sentence.split() if word.isalpha() and word.isascii()]
        for paper in made
        for sentence in sentences(paper.abstract)
    ]
    words = sorted({word.lower() for run in runs for word in run if len(word) >= LONG_WORD})
    pairs = sorted({f"{a} {b}".lower() for run in runs for a, b in pairwise(run)})
    named = {author for paper in made for author in paper.authors}
    people = sorted(one for one in named if '"' not in one and _LATIN.search(one))
    categories = sorted({name for paper in made for name in paper.categories})
    word, pair = partial(random.choice, words), partial(random.choice, pairs)
    shapes = [
        lambda: f"{word()} {word()}",
        lambda: f"cat:{random.choice(categories)} AND {word()}",
        lambda: (
            f'cat:{random.choice(categories)} AND (ti:"{pair()}" OR abs:{word()})'
            f" ANDNOT abs:{word()}"
        ),
        lambda: f'"{pair()}" OR "{pair()}"',
        lambda: f'"{pair()}" AND {word()} ANDNOT {word()}',
        lambda: f'au:"{random.choice(people)}" OR ({word()} AND {word()} AND {word()})',
        lambda: f"{word()[:6]}* AND {word()} AND NOT cat:{random.choice(categories)}",
        lambda: f"cat:cs.* AND ({word()} OR {word()}) AND ({word()} OR {word()})",
        lambda: f'(all:{word()} OR "{pair()}") AND {word()} AND cat:{random.choice(categories)}',
    ]
    return [random.choice(shapes)() for _ in range(count)]


def memory() -> int:
    """Bytes of memory in use by this process (Linux); 0 where that cannot be read."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * 4096


if __name__ == "__main__":
    main()
