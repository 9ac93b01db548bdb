"""What a person sees in the archive's files is what the reader sees.

`python -m tests.bench.measure_reading` tells how much of each field that is.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.archive.reading import (
    ARCHIVE,
    TrueFile,
    TruePaper,
    forms,
    measure,
    truth,
)

FILES = list(truth())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
def test_what_a_person_sees_is_read(file: TrueFile) -> None:
    assert measure(file).faults == []


@pytest.mark.parametrize("file", list(forms()), ids=lambda file: file.path)
def test_others_forms_are_read(file: TrueFile) -> None:
    assert measure(file).faults == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
def test_the_truth_is_in_the_file(file: TrueFile) -> None:
    """What was written down by hand stands in the file, or is its name."""
    text = " ".join((ARCHIVE / file.path).read_text("utf-8").split())
    for paper in (*file.papers, *file.perhaps):
        for words in _words(paper):
            assert words in text or words in file.path, words


def _words(paper: TruePaper) -> Iterator[str]:
    yield from paper.titles
    yield from paper.authors.partition(" (")[0].split(" … ")
    for take in paper.takes:
        if take.starts != ("*",):
            yield from (*take.starts, *take.ends)
