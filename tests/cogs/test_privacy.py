"""`/privacy`: a member's own data out, and gone: from lists, cards, messages and digests."""

from __future__ import annotations

import json

from sqlalchemy import text

from bot.sandbox import Person, Sandbox
from tests.bot import Bot


async def test_all_of_it_in_a_file(ada: Person, grace: Person, bot: Bot) -> None:
    await grace.slash("/take", paper="2007.10909", text="my own words")
    await ada.slash("/take", paper="2007.10909", text="somebody else's")
    reply = await grace.slash("/privacy export")
    assert reply.private
    data = json.loads(reply.post.attachments[0].data)
    assert data["member"]["name"] == "Grace"
    [take] = data["takes"]
    assert (take["text"], take["channel"]) == ("my own words", "papers")
    [paper] = data["papers_added"]
    assert paper["url"].endswith("2007.10909")


async def test_all_of_it_is_erased(ada: Person, grace: Person, sandbox: Sandbox, bot: Bot) -> None:
    card = await grace.slash("/take", paper="2007.10909", text="secret words")
    said = await grace.slash("/take", paper="2007.10909", text="secret again " * 150)
    message = said.post
    await ada.slash("/digest post")
    await bot.settle()
    [thread] = sandbox.channel("papers").threads
    assert thread.starter is not None
    assert "Grace" in thread.starter.content
    asked = await grace.slash("/privacy erase")
    assert asked.private
    await grace.press(asked, "Erase everything")
    await asked.until(lambda reply: "2 takes are deleted" in reply.text)
    assert asked.buttons == []
    await bot.settle()
    assert message.deleted
    everything = [post.text for post in ada.sees("papers")]
    everything += [post.content for post in thread.messages]
    assert not any("secret" in one or "Grace" in one for one in everything)
    assert "Added by —" in card.text
    assert "0 takes" in thread.starter.content
    async with bot.app.store.engine.connect() as connection:
        for table in ("members", "takes", "outbox", "take_tags"):
            rows = (await connection.execute(text(f"SELECT * FROM {table}"))).all()
            assert not any("secret" in str(row) or "Grace" in str(row) for row in rows), table
        if bot.app.store.sqlite:
            blocks = await connection.execute(text("SELECT block FROM page_index_data"))
            assert not any(b"secret" in block for (block,) in blocks)
    assert (
        json.loads((await grace.slash("/privacy export")).post.attachments[0].data)["takes"] == []
    )


async def test_others_keep_what_is_theirs(ada: Person, grace: Person, bot: Bot) -> None:
    await grace.slash("/take", paper="2007.10909", text="secret words")
    await ada.slash("/take", paper="2007.10909", text="to be kept")
    asked = await grace.slash("/privacy erase")
    await grace.press(asked, "Erase everything")
    await asked.until(lambda reply: "1 take is deleted" in reply.text)
    shown = await ada.slash("/paper show", paper="2007.10909")
    assert "to be kept" in shown.text
    assert "secret" not in shown.text
