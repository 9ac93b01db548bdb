"""The campaign's judge finds what is lost, doubled or astray."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.model.digest import DigestState
from bot.model.outbox import Draft, OutboxKind, OutboxState, Row
from bot.sandbox import Sandbox
from tests.campaign.judge import Evidence, Outcome, judge
from tests.campaign.report import table
from tests.campaign.runner import Tally

TEXTS = ["one", "same", "same", "two"]


def played(texts: Sequence[str], *, threads: int = 1, planned: Sequence[str] = TEXTS) -> Outcome:
    """Judge a digest of which these texts stand in its thread."""
    sandbox = Sandbox()
    channel, world = sandbox.channel("papers").record, sandbox.world
    messages, made = sandbox.core.messages, sandbox.core.threads
    starter = messages.create(world.bot, channel, {"content": "starter"})
    thread = made.on_message(world.bot, channel, starter.id, {"name": "title"})
    for _ in range(threads - 1):
        made.without_message(world.bot, channel, {"name": "title", "type": 11})
    ids = [messages.create(world.bot, thread, {"content": text}).id for text in texts]
    kinds = [OutboxKind.MESSAGE, OutboxKind.THREAD, *[OutboxKind.MESSAGE] * len(planned)]
    known = [starter.id, thread.id, *ids, *[None] * len(planned)]
    rows = [
        Row(
            seq,
            Draft("digest:1", seq, f"digest:1:{seq}", kind, text, channel.id if seq < 2 else None),
            OutboxState.SENT,
            1,
            message_id,
            None,
            None,
        )
        for seq, (kind, text, message_id) in enumerate(
            zip(kinds, ["starter", "title", *planned], known, strict=False)
        )
    ]
    place = sandbox.channel("papers")
    return judge(Evidence(rows, [DigestState.POSTED], place, sandbox))


def test_all_is_well() -> None:
    assert played(TEXTS).good


@pytest.mark.parametrize(
    ("texts", "lost", "doubled", "disordered"),
    [
        (TEXTS[:-1], 1, 0, 0),
        ([*TEXTS, "same"], 0, 1, 0),
        (["same", "one", "same", "two"], 0, 0, 2),
        (["one", "same", "another", "two"], 1, 1, 0),
    ],
    ids=["lost", "doubled", "out of order", "another"],
)
def test_what_is_wrong(texts: list[str], lost: int, doubled: int, disordered: int) -> None:
    outcome = played(texts)
    assert (outcome.lost, outcome.doubled, outcome.disordered) == (lost, doubled, disordered)
    assert not outcome.good


def test_a_second_thread() -> None:
    assert played(TEXTS, threads=2).doubled == 1


def two_played(first: Sequence[str], second: Sequence[str], *, starters: int = 1) -> Outcome:
    """Judge two digests, whose messages go out by turns; the second one's starter so often."""
    sandbox = Sandbox()
    channel, world = sandbox.channel("papers").record, sandbox.world
    messages, made = sandbox.core.messages, sandbox.core.threads
    rows: list[Row] = []
    for lane, texts in (("digest:1", first), ("digest:2", second)):
        count = starters if lane == "digest:2" else 1
        posted = [
            messages.create(world.bot, channel, {"content": f"starter {lane}"})
            for _ in range(count)
        ]
        thread = made.on_message(world.bot, channel, posted[0].id, {"name": lane})
        ids = [messages.create(world.bot, thread, {"content": text}).id for text in texts]
        said = [f"starter {lane}", lane, *TEXTS]
        known = [posted[0].id, thread.id, *ids, *[None] * len(TEXTS)]
        for seq, (text, message_id) in enumerate(zip(said, known, strict=False)):
            kind = OutboxKind.THREAD if seq == 1 else OutboxKind.MESSAGE
            target = channel.id if seq < 2 else None
            draft = Draft(lane, seq, f"{lane}:{seq}", kind, text, target)
            rows.append(Row(len(rows), draft, OutboxState.SENT, 1, message_id, None, None))
    place = sandbox.channel("papers")
    states = [DigestState.POSTED] * 2
    return judge(Evidence(rows, states, place, sandbox), digests=2)


def test_two_digests_are_judged_each() -> None:
    assert two_played(TEXTS, TEXTS).good
    assert two_played(TEXTS, TEXTS[:-1]).lost == 1
    assert two_played(TEXTS, TEXTS, starters=2).doubled == 1
    assert two_played(TEXTS, ["same", "one", "same", "two"]).disordered == 2


def test_the_table() -> None:
    tally = Tally()
    tally.add(Outcome(lost=1, told=2, wrong=["told 2 times"]))
    assert table({"dropped": tally}).splitlines() == [
        "| fault   | runs | lost | doubled | out of order | told |",
        "|---------|------|------|---------|--------------|------|",
        "| dropped |    1 |    1 |       0 |            0 |    2 |",
        "| all     |    1 |    1 |       0 |            0 |    2 |",
        "told 2 times",
    ]
