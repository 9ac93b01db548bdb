"""Which digest is meant and when the next one is due, as people see it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sandbox import Person, Sandbox
from bot.sandbox.player import play
from bot.sandbox.script import load
from tests.bot import Bot

SCRIPTS = sorted((Path(__file__).parents[1] / "data" / "periods").glob("*.toml"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
async def test_a_script_of_periods(bot: Bot, sandbox: Sandbox, script: Path) -> None:
    await play(load(script), sandbox, bot.at, settle=bot.settle)


async def test_two_digests_of_a_day_have_titles_and_files_of_their_own(
    ada: Person, sandbox: Sandbox, bot: Bot
) -> None:
    files = []
    for text in ("one", "two", "three"):
        await ada.slash("/take", paper="2007.10909", text=text)
        assert text in (await ada.slash("/digest preview")).text
        assert "is being posted" in (await ada.slash("/digest post")).text
        await bot.settle()
        [file] = (await ada.slash("/digest export")).post.attachments
        assert text in file.data.decode()
        files.append(file.filename)
    titles = ["200726 Papers", "200726 Papers (2)", "200726 Papers (3)"]
    assert [thread.name for thread in sandbox.channel("papers").threads] == titles
    # Discord writes file names without blanks.
    assert files == [f"{title.replace(' ', '_')}.md" for title in titles]
    choices = await ada.autocomplete("/digest export", "period", typed="")
    assert [choice.value for choice in choices] == ["this", "last", "#3", "#2", "#1"]
    for number, choice in enumerate(choices[2:]):
        [file] = (await ada.slash("/digest export", period=choice.value)).post.attachments
        assert file.filename == files[2 - number]


async def test_the_regular_digest_after_an_early_one_keeps_to_the_minimum(
    ada: Person, grace: Person, sandbox: Sandbox, bot: Bot
) -> None:
    await ada.slash("/settings set", minimum_papers=2)
    await ada.slash("/take", paper="2007.10909", text="one")
    await ada.slash("/digest post")
    await grace.slash("/take", paper="2007.10396", text="two")
    await bot.at(datetime(2020, 7, 26, 18, tzinfo=UTC))
    assert len(sandbox.channel("papers").threads) == 1
    refused = await ada.slash("/digest preview", period="200726")
    assert "one" in refused.text
    await grace.slash("/take", paper="2007.10637", text="three")
    await bot.at(datetime(2020, 8, 2, 18, tzinfo=UTC))
    _, second = sandbox.channel("papers").threads
    text = "\n".join(post.content for post in second.messages)
    assert [word in text for word in ("one", "two", "three")] == [False, True, True]


async def test_what_was_posted_stays_as_it_was_posted(
    ada: Person, grace: Person, sandbox: Sandbox, bot: Bot
) -> None:
    await ada.slash("/settings set", closing_tag="#now", authors="2", order="takes")
    await grace.slash("/paper add", reference="2007.10909 2007.10396 2007.10637")
    for paper in ("2007.10909", "2007.10396"):
        await grace.slash("/take", paper=paper, text=f"first of {paper}")
    await ada.slash("/take", paper="2007.10396", text="second of 2007.10396")
    await ada.slash("/digest post")
    await bot.settle()

    async def exported() -> str:
        reply = await ada.slash("/digest export", period="last")
        [file] = reply.post.attachments
        return f"{file.filename}\n{file.data.decode()}"

    before, [thread] = await exported(), sandbox.channel("papers").threads
    posted = [post.content for post in thread.messages]
    assert posted[0].index("NSGANetV2") < len(posted[0])
    await ada.slash(
        "/settings set",
        untaken="left_out",
        closing_tag="#later",
        title="Changed {number}",
        authors="all",
        order="added",
        language="ko",
        abstract=2,
    )
    assert await exported() == before
    preview = await ada.slash("/digest preview", period="200726")
    assert all(content in preview.text for content in posted)
    # A take that is edited later changes its own words, and the rest stays.
    choices = await ada.autocomplete("/takes edit", "take", typed="second")
    await ada.slash("/takes edit", take=choices[0].value, text="mended")
    await bot.settle()
    after = [post.content for post in thread.messages]
    assert after == [content.replace("second of 2007.10396", "mended") for content in posted]
    assert await exported() == before.replace("second of 2007.10396", "mended")


async def test_reminders_come_once_and_not_for_what_is_skipped(
    ada: Person, grace: Person, sandbox: Sandbox, bot: Bot
) -> None:
    said: set[int] = set()

    def reminders() -> set[int]:
        """All that came so far: what one says changes with its digest."""
        posts = sandbox.channel("papers").messages
        said.update(post.id for post in posts if "Tomorrow's digest" in post.content)
        return said

    await ada.slash("/settings set", reminder=True, time="17:00")
    await grace.slash("/paper add", reference="2007.10909")
    # On the day itself there is no tomorrow any more.
    await bot.at(datetime(2020, 7, 26, 16, 30, tzinfo=UTC))
    assert reminders() == set()
    await bot.at(datetime(2020, 7, 26, 17, tzinfo=UTC))
    # Nothing on the list.
    await bot.at(datetime(2020, 8, 1, 17, tzinfo=UTC))
    assert reminders() == set()
    await grace.slash("/paper add", reference="2007.10396")
    await bot.at(datetime(2020, 8, 1, 17, 1, tzinfo=UTC))
    assert len(reminders()) == 1
    # Another hour of the same day, an early digest: it was said.
    await ada.slash("/settings set", time="20:00")
    await bot.at(datetime(2020, 8, 1, 20, 1, tzinfo=UTC))
    await ada.slash("/digest post")
    await grace.slash("/paper add", reference="2007.10637")
    await bot.at(datetime(2020, 8, 1, 21, tzinfo=UTC))
    assert len(reminders()) == 1
    await bot.at(datetime(2020, 8, 2, 20, tzinfo=UTC))
    await grace.slash("/paper add", reference="2007.11576")
    await ada.slash("/digest skip")
    await bot.at(datetime(2020, 8, 8, 20, 1, tzinfo=UTC))
    assert len(reminders()) == 1
    await bot.at(datetime(2020, 8, 15, 20, 1, tzinfo=UTC))
    assert len(reminders()) == 2
