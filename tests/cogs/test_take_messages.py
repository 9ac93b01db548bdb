"""A take's message in the channel changes and goes with the take."""

from __future__ import annotations

from bot.chat.shutdown import finished
from bot.model.take import MessageKind, TakeMessage
from bot.sandbox import Person, Sandbox
from tests.bot import Bot
from tests.cogs.doors import PLANTED, button, planted


async def own(person: Person, command: str = "/takes edit", typed: str = "") -> str:
    """The first of the takes that are offered, once it is noted where each is shown."""
    await finished()
    return str((await person.autocomplete(command, "take", typed=typed))[0].value)


async def test_an_edited_take_is_edited_in_the_channel(
    ada: Person, grace: Person, bot: Bot
) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    said = await grace.slash("/take", paper="2007.10909", text="first words")
    await grace.slash("/takes edit", take=await own(grace), text="second words")
    await bot.settle()
    assert "second words" in said.text
    assert "first words" not in said.text
    assert said.buttons == ["Add take"]


async def test_a_deleted_take_is_deleted_in_the_channel(
    ada: Person, grace: Person, bot: Bot
) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    said = await grace.slash("/take", paper="2007.10909", text="first words")
    post = said.post
    await grace.slash("/takes delete", take=await own(grace, "/takes delete"))
    await bot.settle()
    assert post.deleted


async def test_the_rest_is_in_one_menu(ada: Person, grace: Person, bot: Bot) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    said = await grace.slash("/take", paper="2007.10909", text="first words")
    [menu] = [one for one in said.post.components() if one.kind == "select"]
    assert [option["label"] for option in menu.options] == [
        "All takes on this paper", "Related papers", "Abstract", "Cite",
        "Send to my direct messages", "Edit take", "Delete take",
    ]  # fmt: skip
    assert "first words" in (await ada.choose(said, "More…", ["All takes on this paper"])).text
    assert "@" in (await ada.choose(said, "More…", ["Cite"])).text
    refused = await ada.choose(said, "More…", ["Edit take"])
    assert refused.private
    assert "Grace" in refused.text
    opened = await grace.choose(said, "More…", ["Edit take"])
    assert opened.modal is not None
    assert opened.modal.fields[0].value == "first words"
    await grace.submit(opened.modal, {"text": "second words"})
    await bot.settle()
    assert "second words" in said.text
    asked = await grace.choose(said, "More…", ["Delete take"])
    assert "second words" in asked.text
    post = said.post
    await grace.press(asked, "Delete take")
    await bot.settle()
    assert post.deleted


async def test_a_take_on_a_card_is_changed_and_taken_off_it(grace: Person, bot: Bot) -> None:
    said = await grace.slash("/take", paper="2007.10909", text="first words")
    await grace.slash("/takes edit", take=await own(grace), text="second words")
    await bot.settle()
    assert "Added by Grace" in said.text
    assert "second words" in said.text
    await grace.slash("/takes delete", take=await own(grace, "/takes delete"))
    await bot.settle()
    assert "Added by Grace" in said.text
    assert "words" not in said.text


async def test_the_word_that_a_reply_was_kept_goes_with_the_take(
    ada: Person, minji: Person, bot: Bot, sandbox: Sandbox
) -> None:
    """As earlier versions said it."""
    await ada.slash("/paper add", reference="2007.10909")
    await minji.slash("/take", paper="2007.10909", text="좋다")
    await finished()
    word = planted(sandbox, "papers", button("keep:1:2:3"))
    async with bot.app.store.begin() as tx:
        message = TakeMessage(MessageKind.KEPT, sandbox.channel("papers").id, word.id)
        await tx.takes.set_message(1, message)
    await minji.slash("/takes edit", take=await own(minji), text="아주 좋다")
    await bot.settle()
    assert word.text == PLANTED
    await minji.slash("/takes delete", take=await own(minji, "/takes delete"))
    await bot.settle()
    assert word.deleted


async def test_a_card_is_saved_to_direct_messages(
    ada: Person, grace: Person, sandbox: Sandbox
) -> None:
    card = await ada.slash("/paper add", reference="2007.10909")
    assert card.buttons == ["Add take", "Takes", "Abstract", "Save", "Cite", "arXiv"]
    reply = await grace.press(card, "Save")
    assert reply.private
    assert "Sent to your direct messages" in reply.text
    [post] = grace.sees("@bot")
    assert "SliceOut" in post.text
    assert post.buttons == ["arXiv"]


async def test_closed_direct_messages_are_told(
    ada: Person, grace: Person, sandbox: Sandbox
) -> None:
    card = await ada.slash("/paper add", reference="2007.10909")
    grace.user.dms_open = False
    reply = await grace.press(card, "Save")
    assert reply.private
    assert "can't send you direct messages" in reply.text
