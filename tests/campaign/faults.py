"""All the faults of the campaign."""

from __future__ import annotations

from collections.abc import Sequence

from tests.campaign import (
    answers,
    databases,
    early,
    kills,
    moderators,
    silences,
    together,
    weather,
)
from tests.campaign.trial import Trial

TRIALS: Sequence[Trial] = (
    *kills.TRIALS,
    *early.TRIALS,
    *answers.TRIALS,
    *weather.TRIALS,
    *moderators.TRIALS,
    *databases.TRIALS,
    *together.TRIALS,
    *silences.TRIALS,
)
