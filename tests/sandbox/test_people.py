"""What a person does with a client, through the real discord.py client."""

import pytest

from bot.sandbox import ClientRefused, Person, Sandbox
from tests.sandbox.club import Club


async def test_a_command_is_answered_where_all_can_read_it(
    club: Club, ada: Person, grace: Person
) -> None:
    reply = await ada.slash("/paper add", reference="2007.10909", stars=3)
    assert reply.failed is None
    assert not reply.private
    assert reply.text == "added 3\n2007.10909\nan abstract"
    assert reply.buttons == ["Add take", "Save", "Later"]
    assert grace.sees("papers") == reply.posts


async def test_a_button_opens_a_form_whose_answer_is_private(
    club: Club, ada: Person, grace: Person
) -> None:
    reply = await ada.slash("/paper add", reference="x")
    opened = await grace.press(reply.post, "Add take")
    assert opened.modal is not None
    assert opened.modal.title == "A take"
    assert opened.modal.text == "What do you think?"
    assert [f.label for f in opened.modal.fields] == ["Text", "Kind"]
    done = await grace.submit(opened.modal, {"Text": "good **work**", "kind": "Long"})
    assert done.private
    assert done.text == "take: good **work** [l]"
    assert len(grace.sees("papers")) == 2
    assert len(ada.sees("papers")) == 1


async def test_a_press_can_change_its_message(club: Club, ada: Person) -> None:
    reply = await ada.slash("/paper add", reference="x")
    await ada.press(reply, "Save")
    assert "Saved" in reply.buttons
    with pytest.raises(ClientRefused, match="disabled"):
        await ada.press(reply, "Saved")
    later = await ada.press(reply, "Later")
    assert later.text.startswith("changed later")


async def test_selects_send_values_by_label(club: Club, ada: Person) -> None:
    reply = await ada.slash("/paper add", reference="x")
    chosen = await ada.choose(reply, "Stars", ["One"])
    assert chosen.text == "stars: ['1']"
    with pytest.raises(ClientRefused, match="offers One, Two"):
        await ada.choose(reply, "Stars", ["Three"])


async def test_the_first_follow_up_takes_the_deferrals_privacy(club: Club, ada: Person) -> None:
    reply = await ada.slash("/slow", private=True)
    assert reply.deferred
    await reply.until(lambda r: len(r.posts) == 2)
    assert [post.private for post in reply.posts] == [True, False]
    assert reply.text == "thought\nand more"


async def test_a_bot_that_says_nothing_did_not_respond(club: Club, ada: Person) -> None:
    reply = await ada.slash("/silent")
    assert reply.failed == "The application did not respond"


async def test_cards_of_the_second_version(club: Club, ada: Person) -> None:
    reply = await ada.slash("/card", title="SliceOut")
    assert reply.text == "**SliceOut**\nby Ada"
    assert reply.post.content == ""
    assert (await ada.press(reply, "Takes")).text == "no takes yet"


async def test_autocompletion_offers_what_the_bot_finds(club: Club, ada: Person) -> None:
    choices = await ada.autocomplete("/paper add", "reference", typed="slic")
    assert [(c.name, c.value) for c in choices] == [
        ("SliceOut", "sliceout"),
        ("Slicing", "slicing"),
    ]
    reply = await ada.slash("/paper add", reference=choices[0])
    assert "sliceout" in reply.text
    with pytest.raises(ClientRefused, match="no autocompletion"):
        await ada.autocomplete("/paper add", "stars", typed="1")


async def test_names_match_in_the_persons_language(club: Club, minji: Person) -> None:
    reply = await minji.slash("/논문 추가", 참조="x")
    assert reply.text.startswith("added 1")
    assert "논문" in [command["label"] for command in minji.commands("papers")]


async def test_options_of_every_kind_are_resolved(club: Club, ada: Person) -> None:
    reply = await ada.slash("/paper show", how="Short", who="Minji", where="#ml-papers")
    assert reply.text == "s 민지 ml-papers"


@pytest.mark.parametrize(
    ("command", "options", "why"),
    [
        ("/papers add", {}, "there is no command /papers"),
        ("/paper", {}, "needs a subcommand"),
        ("/paper remove", {}, "there is no remove"),
        ("/paper add", {}, "reference is required"),
        ("/paper add", {"reference": "x", "colour": "red"}, "no option colour"),
        ("/paper add", {"reference": "x", "stars": "many"}, "stars must be a number"),
        ("/paper add", {"reference": 5}, "reference must be text"),
        ("/paper add", {"reference": "x" * 6001}, "6000 characters"),
        ("/paper show", {"how": "Fat"}, "must be one of Short, Long"),
        ("/paper show", {"how": "Short", "where": "reading-room"}, "wrong kind of channel"),
        ("/card", {"title": "x", "channel": "reading-room"}, "is a forum"),
        ("/card", {"title": "x", "channel": "nowhere"}, "no channel or thread called nowhere"),
    ],
)
async def test_a_client_refuses(
    club: Club, ada: Person, command: str, options: dict[str, object], why: str
) -> None:
    with pytest.raises(ClientRefused, match=why):
        await ada.slash(command, **options)  # type: ignore[arg-type]


async def test_commands_are_hidden_from_those_without_permission(
    club: Club, ada: Person, grace: Person, minji: Person
) -> None:
    assert (await ada.slash("/settings")).text == "(True, True) en-US"
    with pytest.raises(ClientRefused, match="no command /settings"):
        await grace.slash("/settings")
    with pytest.raises(ClientRefused, match="no command /settings"):
        await ada.slash("/settings", channel="@bot")


async def test_direct_messages_with_the_bot(club: Club, minji: Person, ada: Person) -> None:
    reply = await minji.slash("/card", channel="@bot", title="hello")
    assert reply.text.startswith("**hello**")
    await minji.say("a secret", channel="@bot")
    await _until(lambda: any(m.content == "a secret" for m in club.seen))
    assert len(minji.sees("@bot")) == 2
    assert ada.sees("@bot") == []


async def test_a_menu_command_gets_the_whole_message(
    club: Club, ada: Person, grace: Person
) -> None:
    post = await grace.say("see arxiv.org/abs/2007.10909")
    reply = await ada.menu(post, "Add its papers")
    assert reply.text == "read 'see arxiv.org/abs/2007.10909'"


async def test_the_stream_shows_what_one_may_see(club: Club, ada: Person, grace: Person) -> None:
    hers, his = ada.events(), grace.events()
    await ada.slash("/slow", private=True)
    opened = await ada.slash("/form")
    await ada.slash("/silent")
    kinds = [event.kind for event in hers.waiting()]
    assert kinds[:3] == ["message", "edited", "message"]
    assert kinds[-2:] == ["modal", "failed"]
    assert [event.kind for event in his.waiting()] == ["message"]
    assert opened.modal is not None
    assert ada.form(opened.interaction.id).title == opened.modal.title


async def _until(condition: object) -> None:
    import asyncio

    for _ in range(200):
        if condition():  # type: ignore[operator]
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come about")


async def test_what_a_bot_without_the_content_intent_reads(
    club: Club, sandbox: Sandbox, ada: Person
) -> None:
    card = await ada.slash("/paper add", reference="x")
    await ada.say("hidden")
    await ada.say("@Papertakes look")
    await ada.say("pinged", reply_to=card.post)
    await ada.say("not pinged", reply_to=card.post, ping=False)
    await _until(lambda: len(club.seen) == 5)
    texts = [message.content for message in club.seen[1:]]
    assert texts == ["", f"<@{sandbox.world.bot.id}> look", "pinged", ""]
