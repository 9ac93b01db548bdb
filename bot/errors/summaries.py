"""What can be wrong with what a language model is asked."""

from __future__ import annotations

from bot.errors.base import PersonError


class ModelNotSet(PersonError):
    """The host has set no model."""

    key = "error.model.not_set"


class ModelSilent(PersonError):
    """The model's endpoint does not answer."""

    key = "error.model.silent"


class ModelSpent(PersonError):
    """The day's `limit` of requests is used."""

    key = "error.model.spent"


class ModelAnswerUseless(PersonError):
    """The model said nothing that can be shown."""

    key = "error.model.useless"


class BlankQuestion(PersonError):
    """A question of nothing to be seen."""

    key = "error.model.blank"


class NoAbstract(PersonError):
    """There is nothing to answer from: neither an abstract nor a take."""

    key = "error.model.nothing"
