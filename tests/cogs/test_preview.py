"""`/digest preview`: its buttons and menus, and that what is posted follows them."""

from __future__ import annotations

import pytest

from bot.sandbox import Person, Sandbox
from bot.sandbox.posts import ClientRefused
from tests.bot import Bot

SLICE, SECOND = "SliceOut", "2007.10396"


@pytest.fixture
async def filled(ada: Person, grace: Person, minji: Person) -> None:
    """A channel with takes on two papers, and a paper without any."""
    await ada.slash("/take", paper="2007.10909", text="one")
    await minji.slash("/take", paper="2007.10396", text="셋")
    await grace.slash("/paper add", reference="2007.10637")


def posted(sandbox: Sandbox, at: int = -1) -> list[str]:
    return [post.content for post in sandbox.channel("papers").threads[at].messages]


@pytest.mark.usefixtures("filled")
async def test_members_see_no_buttons(ada: Person, grace: Person) -> None:
    assert (await grace.slash("/digest preview")).buttons == []
    assert (await ada.slash("/digest preview")).buttons == ["Post now", "Edit intro"]


@pytest.mark.usefixtures("filled")
async def test_post_now_posts(ada: Person, sandbox: Sandbox, bot: Bot) -> None:
    preview = await ada.slash("/digest preview")
    assert "5 messages" not in preview.text
    await ada.press(preview, "Post now")
    assert "is being posted" in preview.text
    assert preview.buttons == []
    await bot.settle()
    assert len(posted(sandbox)) == 3
    again = await ada.slash("/digest post")
    assert again.text.startswith("⚠️")


@pytest.mark.usefixtures("filled")
async def test_the_opening_words_are_edited_in_the_preview(ada: Person, bot: Bot) -> None:
    preview = await ada.slash("/digest preview")
    asked = await ada.press(preview, "Edit intro")
    await ada.submit(asked.modal, {"intro": "Hello **club**"})
    assert "Hello **club**" in preview.text
    await bot.stop()
    await bot.start()
    asked = await ada.press(preview, "Edit intro")
    assert asked.modal is not None
    assert asked.modal.fields[0].value == "Hello **club**"
    await ada.submit(asked.modal, {"intro": ""})
    assert "Hello **club**" not in preview.text


@pytest.mark.usefixtures("filled")
async def test_a_paper_left_out_comes_in_the_next_digest(
    ada: Person, minji: Person, sandbox: Sandbox, bot: Bot
) -> None:
    preview = await ada.slash("/digest preview")
    [menu] = [control for control in preview.post.components() if control.label == _OUT]
    assert len(menu.options) == 3
    chosen = next(option for option in menu.options if option["label"].startswith(SLICE))
    await ada.choose(preview, _OUT, [chosen["value"]])
    assert SLICE not in preview.text
    assert "1 paper is left out" in preview.text
    assert SLICE in (await minji.slash("/paper list")).text
    await bot.at(bot.clock().replace(hour=18))
    assert not any(SLICE in text for text in posted(sandbox))
    following = await ada.slash("/digest preview")
    assert SLICE in following.text
    assert "left out" not in following.text
    bot.clock.advance(days=7)
    await bot.at(bot.clock())
    assert any(SLICE in text for text in posted(sandbox))


@pytest.mark.usefixtures("filled")
async def test_all_can_be_left_out_and_put_back(ada: Person) -> None:
    preview = await ada.slash("/digest preview")
    for _ in range(3):
        [menu] = [control for control in preview.post.components() if control.label == _OUT]
        await ada.choose(preview, _OUT, [menu.options[0]["value"]])
    assert "All papers are left out" in preview.text
    assert preview.buttons == ["Edit intro"]
    for _ in range(3):
        [menu] = [control for control in preview.post.components() if control.label == _BACK]
        await ada.choose(preview, _BACK, [menu.options[0]["value"]])
    assert SLICE in preview.text
    with pytest.raises(ClientRefused):
        await ada.choose(preview, _BACK, ["1"])


@pytest.mark.usefixtures("filled")
async def test_a_paper_is_moved_up(ada: Person, sandbox: Sandbox, bot: Bot) -> None:
    preview = await ada.slash("/digest preview")
    [menu] = [control for control in preview.post.components() if control.label == _UP]
    first, second = menu.options[0]["label"], menu.options[1]["label"]
    await ada.choose(preview, _UP, [menu.options[1]["value"]])
    assert preview.text.index(second[:20]) < preview.text.index(first[:20])
    await ada.press(preview, "Post now")
    await bot.settle()
    texts = posted(sandbox)
    assert second[:20] in texts[0]
    assert first[:20] in texts[1]
    exported = await ada.slash("/digest export", period="this")
    body = exported.post.attachments[0].data.decode()
    assert body.index(second[:20]) < body.index(first[:20])


@pytest.mark.usefixtures("filled")
async def test_after_posting_the_preview_is_of_the_next_digest(
    ada: Person, grace: Person, bot: Bot
) -> None:
    await ada.slash("/digest post")
    await bot.settle()
    assert "nothing new since **200726" in (await ada.slash("/digest preview")).text
    await grace.slash("/take", paper="2007.10909", text="a later thought")
    preview = await ada.slash("/digest preview")
    assert "Next one: Jul 26, 2020 18:00" in preview.text
    assert "a later thought" in preview.text
    assert "셋" not in preview.text
    assert "200726 Papers (2)" in preview.text
    assert preview.buttons == ["Post now", "Edit intro"]


@pytest.mark.usefixtures("filled")
async def test_only_managers_change_it(ada: Person, grace: Person, sandbox: Sandbox) -> None:
    """Whoever has lost the right meanwhile is told so."""
    preview = await ada.slash("/digest preview")
    sandbox.admin.set_role("moderator", 0)
    [menu] = [control for control in preview.post.components() if control.label == _UP]
    refused = await ada.choose(preview, _UP, [menu.options[1]["value"]])
    assert "may manage this channel" in refused.text
    assert "may manage this channel" in (await ada.press(preview, "Post now")).text


_OUT, _UP, _BACK = "Leave a paper out", "Move a paper up", "Put a paper back"
