"""What can be done with messages: their menu, and replies to cards."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat.shutdown import finished
from bot.sandbox import Fault, Permission, Person, Place, Post, Sandbox
from tests.bot import Bot

BLOCKED = {"code": 90001, "message": "Reaction was blocked"}


async def test_the_papers_of_a_message_are_added(ada: Person, minji: Person) -> None:
    post = await minji.say("우선 https://arxiv.org/abs/2007.10909, 그리고 2007.10396!")
    reply = await ada.menu(post, "Add its papers")
    assert not reply.private
    assert "**Ada** added 2 papers" in reply.text


async def test_a_page_in_a_message_is_asked_for_its_title(ada: Person, minji: Person) -> None:
    post = await minji.say("이 글도 좋아요 https://example.com/post")
    asked = await ada.menu(post, "Add its papers")
    assert asked.modal is not None
    reply = await ada.submit(asked.modal, {"title": "A post"})
    assert "[A post](<https://example.com/post>)" in reply.text


async def test_a_message_without_papers_is_no_title(ada: Person, minji: Person) -> None:
    post = await minji.say("Attention is all you need")
    reply = await ada.menu(post, "Add its papers")
    assert reply.private
    assert "isn't an arXiv id, a link or a title" in reply.text


async def test_ones_own_message_becomes_a_take_on_the_paper_chosen(
    ada: Person, minji: Person
) -> None:
    await ada.slash("/paper add", reference="2007.10909 2007.10396")
    post = await minji.say("반복 실험이 필요할 듯")
    asked = await minji.menu(post, "내 코멘트로 저장")
    assert asked.private
    menu = asked.post.components()[0]
    assert len(menu.options) == 2
    said = await minji.choose(asked, "논문을 고르세요", [menu.options[1]["value"]])
    await said.until(lambda seen: "반복 실험이 필요할 듯" in seen.text)
    assert not said.private
    assert "SliceOut" in said.text


async def test_a_message_with_one_link_is_a_take_on_that_paper(ada: Person, minji: Person) -> None:
    await ada.slash("/paper add", reference="2007.10396")
    post = await minji.say("이거 좋네요 https://arxiv.org/abs/2007.10909")
    said = await minji.menu(post, "Make this my take")
    await said.until(lambda seen: "이거 좋네요" in seen.text)
    assert not said.private
    assert "SliceOut" in said.text
    only = await minji.say("https://arxiv.org/abs/2007.10909")
    asked = await minji.menu(only, "Make this my take")
    assert asked.private, "a link alone says nothing yet"


async def test_another_ones_message_is_not_mine(ada: Person, minji: Person) -> None:
    post = await minji.say("well said")
    reply = await ada.menu(post, "Make this my take")
    assert reply.private
    assert "Only your own message" in reply.text


async def test_without_a_list_there_is_nothing_to_choose(minji: Person) -> None:
    post = await minji.say("hello")
    reply = await minji.menu(post, "Make this my take")
    assert reply.private
    assert "아직 목록이 없어요" in reply.text


async def test_a_reply_to_a_card_is_a_take_by_its_menu(ada: Person, minji: Person) -> None:
    card = await ada.slash("/paper add", reference="2007.10909")
    post = await minji.say("좋다", reply_to=card.post, ping=False)
    reply = await minji.menu(post, "Make this my take")
    assert not reply.private
    assert "SliceOut" in reply.text
    assert "좋다" in reply.text


async def test_a_reply_to_a_card_is_marked_and_nothing_is_said(
    ada: Person, minji: Person, bot: Bot
) -> None:
    card = await ada.slash("/paper add", reference="2007.10909")
    reply = await _marked(minji, "좋다", card.post)
    assert [post.text for post in ada.sees("papers")][-1] == "좋다"
    refused = await ada.menu(reply, "Make this my take")
    assert "Only your own message" in refused.text
    assert list(reply.reactions) == ["📝"]
    saved = await minji.menu(reply, "Make this my take")
    assert "좋다" in saved.text
    await finished()
    assert reply.reactions == {}, "it is a take now"


async def test_without_the_permission_to_react_a_reply_is_a_take_all_the_same(
    ada: Person, minji: Person, sandbox: Sandbox
) -> None:
    card = await ada.slash("/paper add", reference="2007.10909")
    sandbox.admin.set_overwrite("papers", "@everyone", deny=Permission.ADD_REACTIONS)
    reply = await minji.say("좋다", reply_to=card.post)
    await ada.slash("/paper list")
    assert reply.reactions == {}
    assert [r for r in sandbox.requests if "reactions" in r.route] == []
    saved = await minji.menu(reply, "Make this my take")
    assert "좋다" in saved.text


async def test_a_refused_reaction_is_no_trouble(
    ada: Person, minji: Person, sandbox: Sandbox
) -> None:
    card = await ada.slash("/paper add", reference="2007.10909")
    fault = sandbox.faults.add(Fault("PUT", "*/reactions/*", status=403, body=BLOCKED))
    reply = await minji.say("좋다", reply_to=card.post)
    for _ in range(500):
        if fault.hits:
            break
        await asyncio.sleep(0.01)
    assert fault.hits == 1
    assert "좋다" in (await minji.menu(reply, "Make this my take")).text


async def test_other_messages_are_left_alone(ada: Person, minji: Person) -> None:
    card = await ada.slash("/paper add", reference="2007.10909")
    first = await ada.say("hello")
    await minji.say("hi", reply_to=first)
    await minji.say("without a ping the bot hears nothing", reply_to=card.post, ping=False)
    await ada.slash("/paper list")
    assert [post.author for post in ada.sees("papers") if not post.private].count("Papertakes") == 1


async def _marked(person: Person, text: str, card: Post) -> Post:
    """A reply of which the bot has shown that it can be a take."""
    events = person.events()
    reply = await person.say(text, reply_to=card)
    async for event in events:
        if event.kind == "reaction":
            return reply
    raise AssertionError("no reaction")


async def test_a_reply_in_a_digests_thread_is_a_take_on_the_paper_it_answers(
    ada: Person, minji: Person, sandbox: Sandbox, bot: Bot
) -> None:
    thread = await _posted(ada, sandbox, bot)
    post = await minji.say("맞아요", channel=thread.id, reply_to=thread.messages[0], ping=False)
    reply = await minji.menu(post, "Make this my take")
    assert not reply.private
    assert "SliceOut" in reply.text
    bot.clock.advance(days=7, hours=7)
    await bot.at(bot.clock())
    following = sandbox.channel("papers").threads[-1]
    assert following.id != thread.id
    [text] = [post.content for post in following.messages]
    assert "맞아요" in text
    assert f"/{thread.messages[0].id}" in text


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_a_message_in_a_digests_thread_is_offered_the_paper_above_it(
    ada: Person, minji: Person, sandbox: Sandbox, bot: Bot, elsewhere: bool
) -> None:
    if elsewhere:
        await ada.slash("/settings set", post_to="reading-room")
    thread = await _posted(ada, sandbox, bot, "reading-room" if elsewhere else "papers")
    post = await minji.say("맞아요", channel=thread.id)
    asked = await minji.menu(post, "Make this my take")
    assert asked.private
    assert "NSGANetV2" in asked.text
    assert asked.post.components()[0].options[0]["label"].startswith("NSGANetV2")
    said = await minji.press(asked, "이 논문")
    assert not said.private
    assert "NSGANetV2" in said.text
    assert "맞아요" in (await ada.slash("/paper show", paper="2007.10396")).text


async def _posted(ada: Person, sandbox: Sandbox, bot: Bot, where: str = "papers") -> Place:
    """The thread of a digest about two papers."""
    await ada.slash("/take", paper="2007.10909", text="one")
    await ada.slash("/take", paper="2007.10396", text="two")
    await ada.slash("/digest post")
    await bot.settle()
    [thread] = sandbox.channel(where).threads
    return thread
