"""`/digest` and `/settings` as a moderator and a member see them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Permission, Person, Sandbox
from tests.bot import Bot


@pytest.fixture
async def filled(ada: Person, grace: Person, minji: Person) -> None:
    """A channel with three takes on two papers, and a paper without any."""
    await ada.slash("/take", paper="2007.10909", text="one")
    await grace.slash("/take", paper="2007.10909", text="two")
    await minji.slash("/take", paper="2007.10396", text="셋")
    await grace.slash("/paper add", reference="2007.10637")


@pytest.mark.usefixtures("filled")
async def test_the_preview_is_what_is_posted(ada: Person, sandbox: Sandbox, bot: Bot) -> None:
    await ada.slash("/settings set", closing_tag="review")
    await ada.slash("/digest intro", text="Hello **club**")
    preview = await ada.slash("/digest preview")
    assert preview.private
    posted = await ada.slash("/digest post")
    assert posted.private
    assert "is being posted" in posted.text
    await bot.settle()
    [thread] = sandbox.channel("papers").threads
    assert thread.starter is not None
    assert "Hello **club**" in thread.starter.content
    # The starter's list of papers may link into the thread, once that is there.
    texts = [post.content for post in thread.messages]
    assert len(texts) == 3
    assert preview.text.endswith("\n".join(texts))


async def test_a_long_preview_is_cut_into_pages_and_keeps_every_word(
    ada: Person, grace: Person
) -> None:
    words = [f"word{number}" for number in range(1500)]
    for start in range(0, 1500, 500):
        text = " ".join(words[start : start + 500])
        await grace.slash("/take", paper="2007.10909", text=text[:4000])
    preview = await ada.slash("/digest preview")
    seen = preview.text
    [page] = [button for button in preview.buttons if button.startswith("Page 1 of ")]
    for _ in range(int(page.rsplit(" ", 1)[1]) - 1):
        await ada.press(preview.post, "Next")
        seen += "\n" + preview.post.text
    kept = [word for word in seen.split() if word in set(words)]
    assert kept == [word for word in words if word in set(kept)]
    assert len(kept) > 1300


@pytest.mark.usefixtures("filled")
async def test_posting_twice_tells_where_the_first_is(ada: Person, bot: Bot) -> None:
    await ada.slash("/digest post")
    await bot.settle()
    again = await ada.slash("/digest post")
    assert again.private
    assert again.text.startswith("⚠️")
    history = await ada.slash("/digest history")
    assert history.private
    assert "https://discord.com/channels/" in history.text


@pytest.mark.parametrize(
    "command", ["/digest post", "/digest skip", "/digest intro", "/settings set"]
)
@pytest.mark.usefixtures("filled")
async def test_members_may_not_do_what_managers_do(grace: Person, command: str) -> None:
    options: dict[str, Any] = {"weekday": "monday"} if command == "/settings set" else {}
    reply = await grace.slash(command, **options)
    assert reply.modal is None
    assert reply.private
    assert "may manage this channel" in reply.text


@pytest.mark.parametrize("command", ["preview", "post", "export"])
async def test_there_is_nothing_to_post_yet(ada: Person, command: str) -> None:
    reply = await ada.slash(f"/digest {command}")
    assert reply.private
    assert "no list yet" in reply.text


@pytest.mark.usefixtures("filled")
async def test_skipping_keeps_the_takes_for_the_next_one(ada: Person) -> None:
    reply = await ada.slash("/digest skip")
    assert reply.private
    assert "no digest for the period until" in reply.text
    assert "skipped" in (await ada.slash("/digest history")).text
    assert "was skipped" in (await ada.slash("/digest skip")).text


@pytest.mark.usefixtures("filled")
async def test_posting_undoes_a_skip(ada: Person, sandbox: Sandbox, bot: Bot) -> None:
    await ada.slash("/digest skip")
    assert "one" in (await ada.slash("/digest preview")).text
    assert "is being posted" in (await ada.slash("/digest post")).text
    await bot.settle()
    assert len(sandbox.channel("papers").threads) == 1
    assert "skipped" not in (await ada.slash("/digest history")).text


@pytest.mark.usefixtures("filled")
async def test_the_export_is_a_markdown_file(ada: Person) -> None:
    reply = await ada.slash("/digest export")
    assert reply.private
    [file] = reply.post.attachments
    assert file.filename.endswith(".md")
    assert "https://arxiv.org/abs/2007.10909" in file.data.decode()


async def test_the_intro_is_edited_in_a_form_and_taken_away(ada: Person) -> None:
    await ada.slash("/take", paper="2007.10909", text="one")
    asked = await ada.slash("/digest intro")
    assert asked.modal is not None
    assert asked.modal.fields[0].value is None
    await ada.submit(asked.modal, {"intro": "First words"})
    assert "First words" in (await ada.slash("/digest preview")).text
    asked = await ada.slash("/digest intro")
    assert asked.modal is not None
    assert asked.modal.fields[0].value == "First words"
    assert "no opening words" in (await ada.submit(asked.modal, {"intro": ""})).text
    assert "First words" not in (await ada.slash("/digest preview")).text


@pytest.mark.parametrize("period", ["2020-13-45", "31 February", "x" * 3000, "`", "2020-02-30"])
@pytest.mark.usefixtures("filled")
async def test_a_period_that_cannot_be_is_refused(ada: Person, period: str) -> None:
    for command in ("/paper list", "/digest preview", "/digest export", "/digest post"):
        reply = await ada.slash(command, period=period)
        assert reply.private
        assert "isn't a period" in reply.text
        assert len(reply.text) < 1000


@pytest.mark.usefixtures("filled")
async def test_earlier_periods_are_offered_by_their_titles(ada: Person, bot: Bot) -> None:
    await ada.slash("/digest post")
    await bot.settle()
    choices = await ada.autocomplete("/digest export", "period", typed="")
    assert [choice.value for choice in choices] == ["this", "last", "2020-07-26"]
    reply = await ada.slash("/digest export", period=choices[2].value)
    assert reply.post.attachments


@pytest.mark.parametrize(
    ("option", "typed", "hint"),
    [
        ("time_zone", "Atlantis/Capital", "a time zone I know"),
        ("time_zone", "`" * 500, "a time zone I know"),
        ("weekday", "someday", "a day of the week"),
        ("time", "25:00", "a time of day"),
        ("time", "soon", "a time of day"),
        ("language", "fr", "I don't speak"),
        ("title", "{nope}", "can't be used as a title"),
        ("title", "{date.__class__}", "can't be used as a title"),
        ("title", "x" * 101, "can't be used as a title"),
        ("authors", "-1", "from 1 to 100"),
        ("intro", "x" * 5000, "5000 characters"),
    ],
)
async def test_a_setting_that_cannot_be_is_refused(
    ada: Person, option: str, typed: str, hint: str
) -> None:
    before = (await ada.slash("/settings show")).text
    options: dict[str, Any] = {option: typed, "closing_tag": "#x"}
    reply = await ada.slash("/settings set", **options)
    assert reply.private
    assert hint in reply.text
    assert len(reply.text) < 1000
    assert (await ada.slash("/settings show")).text == before


async def test_settings_are_shown_in_the_persons_language(ada: Person, minji: Person) -> None:
    saved = await ada.slash(
        "/settings set",
        time_zone="seoul",
        weekday="mon",
        time="9pm",
        language="korean",
        title="{date:%y%m%d} 논문",
        closing_tag="review",
        authors="8",
        intro="안녕하세요",
    )
    assert saved.private
    assert "Digest: Sunday 18:00 (UTC) → Monday 21:00 (Asia/Seoul)" in saved.text
    assert "Language: English → 한국어" in saved.text
    assert "Closing tag: none → `#review`" in saved.text
    assert "Next one: " in saved.text
    assert "Pinned" not in saved.text
    shown = await minji.slash("/settings show")
    assert shown.private
    assert "다이제스트: 월요일 21:00 (Asia/Seoul)" in shown.text
    for text in ("언어: 한국어", "제목: `{date:%y%m%d} 논문`", "`#review`", "8", "> 안녕하세요"):
        assert text in shown.text


async def test_nothing_to_set_is_told(ada: Person) -> None:
    assert "Nothing was changed" in (await ada.slash("/settings set")).text


async def test_opening_words_are_taken_away_by_none(ada: Person) -> None:
    await ada.slash("/take", paper="2007.10909", text="something")
    await ada.slash("/digest intro", text="Hello")
    gone = await ada.slash("/digest intro", text="none")
    assert "no opening words" in gone.text
    assert "Hello" not in (await ada.slash("/digest preview")).text


async def test_only_what_changed_is_told(ada: Person, sandbox: Sandbox, bot: Bot) -> None:
    saved = await ada.slash("/settings set", weekday="monday", time="18:00", pin=False)
    assert saved.text.splitlines()[1] == "Digest: Sunday 18:00 (UTC) → Monday 18:00 (UTC)"
    assert len(saved.text.splitlines()) == 3, saved.text
    same = await ada.slash("/settings set", weekday="mon", pin=False)
    assert same.text.splitlines() == [
        "Nothing has changed, this was set already:",
        "Digest: Monday 18:00 (UTC)",
        "Pinned: off",
    ]
    wide = await ada.slash("/settings set", intro="**Hello**\nall")
    assert "Opening words: none → “Hello all”" in wide.text


async def test_settings_are_completed(ada: Person, minji: Person) -> None:
    zones = await ada.autocomplete("/settings set", "time_zone", typed="seo")
    assert zones[0].value == "Asia/Seoul"
    for typed, meant in (
        ("서울", "Asia/Seoul"),
        ("GMT+9", "UTC+09:00"),
        ("pst", "America/Los_Angeles"),
    ):
        zones = await ada.autocomplete("/settings set", "time_zone", typed=typed)
        assert zones[0].value == meant
        assert not any(zone.value.startswith("Etc/") for zone in zones)
    days = await minji.autocomplete("/settings set", "weekday", typed="일")
    assert ("일요일", "sunday") in [(day.name, day.value) for day in days]
    languages = await ada.autocomplete("/settings set", "language", typed="")
    assert [choice.name for choice in languages] == ["English", "한국어"]


async def test_the_shape_of_a_digest_is_set(ada: Person, minji: Person) -> None:
    saved = await ada.slash(
        "/settings set",
        weekday="wed, sun",
        every="2",
        order="by votes",
        abstract=2,
        untaken="carried",
        pin=True,
        minimum_papers=3,
        minimum_takes=4,
        reminder=True,
    )
    assert "“by votes” isn't one of the values" in saved.text
    saved = await ada.slash(
        "/settings set",
        weekday="wed, sun",
        every="2",
        order="category",
        abstract=2,
        untaken="carried",
        post_to="reading-room",
        forum_tags="weekly, papers",
        pin=True,
        minimum_papers=3,
        minimum_takes=4,
        reminder=True,
    )
    for line in (
        "Digest: Sunday 18:00 (UTC) → Wednesday, Sunday 18:00 (UTC)",
        "How often: every week → every 2 weeks",
        "→ 3 papers, 4 takes",
        "Reminder the day before: off → on",
        "→ by category",
        "Sentences of the abstract: none → 2",
        "→ carried over",
        "Posted in: this channel → <#",
        "Tags of the forum post: none → weekly, papers",
        "Pinned: off → on",
    ):
        assert line in saved.text
    shown = await minji.slash("/settings show")
    for line in ("간격: 2주마다", "순서: 분야별", "고정: 켬", "코멘트 없는 논문: 다음 다이제스트"):
        assert line in shown.text
    back = await ada.slash("/settings set", post_to="papers", forum_tags="none", pin=False)
    assert "→ this channel" in back.text
    assert "Tags of the forum post: weekly, papers → none" in back.text
    assert "Tags of the forum post" not in (await ada.slash("/settings show")).text


async def test_a_target_where_the_bot_may_not_post_is_refused(
    ada: Person, sandbox: Sandbox
) -> None:
    sandbox.admin.set_overwrite("reading-room", "Papertakes", deny=Permission.SEND_MESSAGES)
    reply = await ada.slash("/settings set", post_to="reading-room")
    assert reply.private
    assert f"I can't post in <#{sandbox.channel('reading-room').id}>" in reply.text
    assert "Send Messages" in reply.text
    assert "Posted in: this channel" in (await ada.slash("/settings show")).text


async def test_several_days_and_tags_are_completed_one_after_another(
    ada: Person, minji: Person, sandbox: Sandbox
) -> None:
    sandbox.admin.create_channel("posts", forum=True, tags=["weekly", "papers"])
    days = await ada.autocomplete("/settings set", "weekday", typed="sunday, wed")
    assert [(day.name, day.value) for day in days] == [("sunday, Wednesday", "sunday, wednesday")]
    every = await minji.autocomplete("/settings set", "every", typed="2")
    assert [(choice.name, choice.value) for choice in every] == [("2주마다", "2")]
    for option in ("order", "untaken"):
        assert len(await ada.autocomplete("/settings set", option, typed="")) == 3
    tags = await ada.autocomplete("/settings set", "forum_tags", typed="papers, ")
    assert "papers, weekly" in [tag.value for tag in tags]
