"""A summary that a language model wrote."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.paper import Paper


@dataclass(frozen=True, slots=True)
class SummaryKey:
    """What there is one summary of: a paper as it was at a version, in a language.

    `version` is 0 where arXiv has not said it.
    """

    paper_id: int
    version: int
    language: str

    @classmethod
    def of(cls, paper: Paper, language: str) -> SummaryKey:
        """The key of a paper as it is now."""
        return cls(paper.id, paper.data.version or 0, language)


@dataclass(frozen=True, slots=True)
class WrittenSummary:
    """Plain text on one line, of at most three sentences, and the model that wrote it."""

    key: SummaryKey
    text: str
    model: str
