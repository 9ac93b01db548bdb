"""`/paper explain`: one question to a model, answered to whoever asked."""

from __future__ import annotations

from bot.sandbox.person import Person
from tests.loopback_model import LoopbackModel

PAPER = "2007.10909"


async def test_a_question_is_answered_from_abstract_and_takes(
    model: LoopbackModel, ada: Person, minji: Person
) -> None:
    await ada.slash("/take", paper=PAPER, text="Memory is the *point* here.")
    model.say = "Ada says that memory is the point.\n\nSee http://evil.example and @everyone."
    reply = await minji.slash("/paper explain", paper=PAPER, question="핵심이 무엇인가요?")
    assert reply.private
    assert "핵심이 무엇인가요?" in reply.text
    assert "memory is the point.\n\nSee […] and […]" in reply.text
    assert "틀릴 수 있어요" in reply.text
    [asked] = model.asked
    assert asked.data["question"] == "핵심이 무엇인가요?"
    assert asked.data["club"] == [{"member": "Ada", "text": "Memory is the *point* here."}]
    assert "Korean" in asked.system


async def test_a_long_answer_fits_a_message(model: LoopbackModel, grace: Person) -> None:
    await grace.slash("/paper add", reference=PAPER)
    model.say = "It *is* a [long] story of the paper. " * 5_000
    reply = await grace.slash("/paper explain", paper=PAPER, question="Why?")
    assert 2_500 < len(reply.text) <= 4_000
    assert "…" in reply.text


async def test_without_a_usable_question_or_answer(model: LoopbackModel, grace: Person) -> None:
    await grace.slash("/paper add", reference=PAPER)
    blank = await grace.slash("/paper explain", paper=PAPER, question=" \u200b ")
    assert "Write a question" in blank.text
    model.say = ""
    empty = await grace.slash("/paper explain", paper=PAPER, question="Why?")
    assert "no usable answer" in empty.text
