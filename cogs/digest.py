"""`/digest`: what is compiled of a channel's takes."""

from __future__ import annotations

import io
from collections.abc import Mapping

import discord
from discord import app_commands

from bot.chat import autocomplete, paginator
from bot.chat.answer_updates import follow
from bot.chat.context import member, place, posting_place, spoken
from bot.chat.errors import explain, remark
from bot.chat.interaction import CommandGroup, Interaction
from bot.chat.modals import Form, FormField, form
from bot.chat.paginator import PagedAnswer
from bot.chat.responses import outcome, privately
from bot.chat.translate import said
from bot.chat.views.waiting import posting, waiting
from bot.errors import EmptyDigest, ManagersOnly, NothingNew
from bot.isolation import RecordKind, each
from bot.locale.choices import is_none
from bot.model.channel import INTRO_LIMIT
from bot.model.digest import Digest, DigestState, message_url
from bot.text.markdown import escape, masked_link
from bot.text.octets import utf8
from bot.text.plain import plain_line

INTRO = FormField("intro", long=True, limit=INTRO_LIMIT, required=False)
HISTORY = 60
"""Digests that `/digest history` goes back: a year's, and some."""


class DigestCommands(CommandGroup, name="digest"):
    """Previewing, posting, skipping and looking back at digests."""

    digest = app_commands.Group(name="digest", description=said("command.digest"))

    @digest.command(name="preview", description=said("command.digest.preview"))
    @app_commands.autocomplete(period=autocomplete.periods)
    async def preview(self, interaction: Interaction, period: str | None = None) -> None:
        await paginator.show(interaction, "preview", period or "")

    @digest.command(name="post", description=said("command.digest.post"))
    @app_commands.autocomplete(period=autocomplete.periods)
    async def post(self, interaction: Interaction, period: str | None = None) -> None:
        work = self.services.digests.post(posting_place(interaction), member(interaction), period)
        try:
            digest = await outcome(interaction, work)
        except (EmptyDigest, NothingNew) as nothing:
            lines = [explain(nothing, spoken(interaction))]
            lines += (await waiting(interaction)).values()
            await privately(interaction, "\n".join(lines))
            return
        text = await posting(interaction, digest)
        interaction.client.wake()
        await privately(interaction, text)
        follow(interaction, digest, text)

    @digest.command(name="skip", description=said("command.digest.skip"))
    @app_commands.autocomplete(period=autocomplete.periods)
    async def skip(self, interaction: Interaction, period: str | None = None) -> None:
        where, texts = place(interaction), spoken(interaction)
        work = self.services.digests.skip(where, member(interaction), period)
        digest = await outcome(interaction, work)
        until = texts.moment(digest.period_end)
        text = texts("digest.skipping", until=until)
        await privately(interaction, text)
        follow(interaction, digest, text)

    @digest.command(name="history", description=said("command.digest.history"))
    async def history(self, interaction: Interaction) -> None:
        await paginator.show(interaction, "history")

    @digest.command(name="export", description=said("command.digest.export"))
    @app_commands.autocomplete(period=autocomplete.periods)
    async def export(self, interaction: Interaction, period: str | None = None) -> None:
        work = self.services.digests.export(place(interaction), period)
        exported = await outcome(interaction, work)
        texts = spoken(interaction)
        file = discord.File(io.BytesIO(utf8(exported.text)), exported.name)
        lines = [texts("digest.exported"), *remark(exported.passed_over, texts)]
        await privately(interaction, "\n".join(lines), file=file)

    @digest.command(name="intro", description=said("command.digest.intro"))
    async def intro(self, interaction: Interaction, text: str | None = None) -> None:
        asked = intro_form(interaction, "")
        if text is not None:
            await asked.submit(interaction, {"intro": text})
            return
        if not member(interaction).manages:
            raise ManagersOnly
        present = await self.services.digests.intro(place(interaction))
        await asked.open(interaction, {"intro": present})


@form("intro")
def intro_form(interaction: Interaction, _: str = "") -> Form:
    """The opening words of the running period's digest."""

    async def then(submitted: Interaction, typed: Mapping[str, str]) -> None:
        work = submitted.client.services.digests.set_intro(
            place(submitted), member(submitted), typed["intro"]
        )
        await outcome(submitted, work)
        words = typed["intro"].strip()
        key = "digest.intro_set" if words and not is_none(words) else "digest.intro_gone"
        await privately(submitted, spoken(submitted)(key))

    return Form("intro", "", spoken(interaction)("form.digest"), (INTRO,), then)


@paginator.source("history")
async def _history(interaction: Interaction, argument: str) -> PagedAnswer:
    texts = spoken(interaction)
    digests = await interaction.client.services.digests.history(place(interaction), HISTORY)
    held = await waiting(interaction)
    lines = each(
        RecordKind.DIGEST,
        digests,
        lambda digest: _line(interaction, digest, held.get(digest.id)),
        name=lambda digest: digest.id,
        plainly=lambda digest: f"- {digest.day} · {plain_line(digest.title)}",
    )
    blocks = ["\n".join(lines[at : at + 15]) for at in range(0, len(lines), 15)]
    return PagedAnswer(f"## {texts('digest.history')}", blocks or [texts("digest.none")])


def _line(interaction: Interaction, digest: Digest, held: str | None) -> str:
    line = _where(interaction, digest)
    return line if held is None else f"{line}\n  - {held}"


def _where(interaction: Interaction, digest: Digest) -> str:
    texts = spoken(interaction)
    day = texts.day(digest.day)
    if digest.state is DigestState.SKIPPED:
        return f"- {day} · {texts('digest.skipped')}"
    title = escape(digest.title)
    if digest.thread_id is None:
        on_its_way = digest.state is DigestState.PLANNED
        said = texts("digest.on_its_way" if on_its_way else "digest.from_file")
        return f"- {day} · {title} · {said}"
    url = message_url(interaction.guild_id, digest.thread_id, None)
    return f"- {day} · {masked_link(digest.title, url)}"
