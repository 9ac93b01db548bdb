"""Does the language model that writes summaries answer?"""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.config_summaries import SummariesConfig
from bot.ops.finding import Finding
from bot.summaries.endpoint import Endpoint, ModelRefused, ModelUnavailable

_ADVICE = {
    "status 401": "is summaries.api_key right?",
    "status 403": "is summaries.api_key right, and may it use this model?",
    "status 404": "is summaries.base_url right, as far as /v1, and is the model there?",
    "status 429": "the provider's limit is reached: wait, or lower summaries.per_day",
}
_USUAL = "is summaries.base_url right, and the server up? Without it the abstract's sentences stand"


async def examine(config: SummariesConfig) -> Finding:
    """Asks it one short question: that costs a few tokens."""
    where = f"{config.model} at {urlsplit(config.base_url).netloc}"
    endpoint = Endpoint(config)
    try:
        answer = await endpoint.ask("Answer with one word.", "Are you there?")
    except ModelUnavailable as error:
        advice = _ADVICE.get(str(error), _USUAL)
        return Finding("model", False, f"{where} does not answer ({error})", advice)
    except ModelRefused as error:
        return Finding("model", False, f"{where} refuses ({error})", "is summaries.model right?")
    finally:
        await endpoint.close()
    if not answer.whole and not answer.text.strip():
        advice = "raise summaries.max_tokens: it thinks first"
        return Finding("model", False, f"{where} says nothing", advice)
    return Finding("model", True, f"{where} answers")
