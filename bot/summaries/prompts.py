"""What a model is told to do, and what it is given: data, quoted so that it stays that."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError

from bot.config_summaries import prompt_of
from bot.model.paper import Paper
from bot.model.take import Take
from bot.text.graphemes import shorten

ABSTRACT: Final = 6_000
"""Characters of an abstract that a model reads: every question costs."""
TAKES: Final = 12_000
"""Characters of all takes together."""
_HERE: Final = Path(__file__).parent


def summary_prompt(file: Path | None) -> str:
    """What a model is told of summaries: the host's own words, else ours."""
    return prompt_of(file or _HERE / "prompt_summary.txt")


def explain_prompt() -> str:
    """What a model is told of questions."""
    return prompt_of(_HERE / "prompt_explain.txt")


def in_language(prompt: str, language: str) -> str:
    """A prompt that asks for a language, also where it does not say where to name it."""
    name = _name(language)
    if "{language}" not in prompt:
        return f"{prompt}\n\nAnswer in {name}."
    return prompt.replace("{language}", name)


def source_of(paper: Paper) -> str:
    """All that a summary is made of."""
    return f"{paper.shown_title}\n{shorten(paper.shown_abstract, ABSTRACT)}"


def paper_data(paper: Paper) -> str:
    """A paper as a model is given it."""
    return _json(title=paper.shown_title, abstract=shorten(paper.shown_abstract, ABSTRACT))


def question_data(question: str, paper: Paper, takes: Sequence[Take]) -> str:
    """A question about a paper as a model is given it, with what the club wrote.

    Of many takes the newest, as far as there is room.
    """
    told, room = [], TAKES
    for take in reversed(takes):
        if room <= 0:
            break
        text = shorten(take.text, room)
        told.append({"member": take.member.name, "text": text})
        room -= len(text)
    return _json(
        question=question,
        title=paper.shown_title,
        abstract=shorten(paper.shown_abstract, ABSTRACT),
        club=told[::-1],
    )


def _name(language: str) -> str:
    try:
        return Locale.parse(language).get_display_name("en") or language
    except (ValueError, UnknownLocaleError):
        return language


def _json(**fields: object) -> str:
    # Nothing in a string of JSON ends the string: a quote within is no quote.
    return json.dumps(fields, ensure_ascii=False)
