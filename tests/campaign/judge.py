"""What came of a run: every message once and in order, or else what is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.model.digest import DigestState
from bot.model.outbox import LINK, Kind, Row, State
from bot.sandbox import Sandbox
from bot.sandbox.places import Place
from bot.sandbox.posts import Post

_THREADS = (Kind.THREAD, Kind.FORUM_POST)

Said = tuple[str, str]
"""Where a text stands (`channel` or `thread`), and the text without its spaces."""


@dataclass(slots=True)
class Outcome:
    """Numbers of messages, over one run."""

    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    told: int = 0
    """How often the managers were told that the digest is held up."""
    seconds: float = 0.0
    """How long it took."""
    wrong: list[str] = field(default_factory=list)
    """Everything that should not be, in words."""

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.disordered or self.wrong)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is judged. `removed`: posts that a moderator deleted behind the bot's back."""

    rows: Sequence[Row]
    states: Sequence[DigestState]
    channel: Place
    sandbox: Sandbox
    removed: Sequence[Post] = ()


def squeezed(text: str) -> str:
    return "".join(text.split())


def judge(evidence: Evidence, ending: State = State.SENT, told: int = 0) -> Outcome:
    """The outcome. `ending`: what must have become of the rows, the first ones of which may be
    sent where that is not SENT. `told`: how often the managers must have been told."""
    outcome = Outcome()
    planned = [row for row in evidence.rows if row.draft.lane.startswith("digest:")]
    notices = [row for row in evidence.rows if not row.draft.lane.startswith("digest:")]
    outcome.told = len(notices)
    if outcome.told != told or {row.state for row in notices} - {State.SENT}:
        states = ", ".join(row.state for row in notices)
        outcome.wrong.append(f"told {outcome.told} times instead of {told}: {states}")
    if len({row.draft.lane for row in planned}) != 1:
        outcome.wrong.append(f"planned: {sorted({row.draft.lane for row in planned})}")
        return outcome
    _judge_states(outcome, evidence, planned, ending)
    if ending is State.SENT:
        _judge_posts(outcome, evidence, planned, notices)
    return outcome


def _judge_states(
    outcome: Outcome, evidence: Evidence, planned: Sequence[Row], ending: State
) -> None:
    gone = {post.id for post in evidence.removed}
    # What is not there any more is not edited.
    keys = {row.draft.key for row in planned if row.message_id in gone}
    states = [row.state for row in planned if row.draft.edits not in keys]
    if ending is State.SENT:
        good = set(states) == {State.SENT} and list(evidence.states) == [DigestState.POSTED]
    elif ending is State.FAILED:
        rest = states[states.index(State.FAILED) :] if State.FAILED in states else []
        good = bool(rest) and set(rest[1:]) <= {State.PENDING}
    else:
        good = states[-1] is ending and set(states) <= {State.SENT, ending}
    if not good:
        shown = ", ".join(f"{state} {count}" for state, count in Counter(states).items())
        digests = ", ".join(evidence.states)
        outcome.wrong.append(f"rows: {shown}; digests: {digests}")


def _judge_posts(
    outcome: Outcome, evidence: Evidence, planned: Sequence[Row], notices: Sequence[Row]
) -> None:
    posts, threads = _posts(evidence, {row.message_id for row in notices})
    edited = _edited(evidence, planned)
    said = [(place, _said(post, edited, outcome)) for place, post in posts]
    wanted = _wanted(planned)
    missing, extra = Counter(wanted) - Counter(said), Counter(said) - Counter(wanted)
    outcome.lost = missing.total()
    outcome.doubled = extra.total() + max(threads - 1, 0)
    if threads < 1:
        outcome.lost += 1
    if missing or extra:
        return
    makers = [row for row in planned if row.draft.kind in (Kind.MESSAGE, Kind.FORUM_POST)]
    for row, (_, post), want, have in zip(makers, posts, wanted, said, strict=True):
        # A message known to be posted only by its nonce has no id.
        if want != have or row.message_id not in (None, post.id):
            outcome.disordered += 1


def _wanted(planned: Sequence[Row]) -> list[Said]:
    """What should stand at Discord, in order, as it is posted."""
    wanted: list[Said] = []
    for row in planned:
        if row.draft.kind is Kind.FORUM_POST:
            wanted.append(("thread", _posted(row)))
        elif row.draft.kind is Kind.MESSAGE:
            place = "channel" if row.draft.target_id is not None else "thread"
            wanted.append((place, _posted(row)))
    return wanted


def _posted(row: Row) -> str:
    """A row's text without spaces; a forum post's title is not a message's."""
    text = row.draft.text
    return squeezed(text.partition("\n")[2] if row.draft.kind is Kind.FORUM_POST else text)


def _edited(evidence: Evidence, planned: Sequence[Row]) -> dict[int, tuple[str, str]]:
    """Messages by their ids, as they were posted and as they are to be in the end."""
    rows = {row.draft.key: row for row in planned}
    thread = next((row.message_id for row in planned if row.draft.kind in _THREADS), None)
    base = f"https://discord.com/channels/{evidence.channel.record.guild_id}/{thread}"

    def address(found: re.Match[str]) -> str:
        message = rows[found[1]].message_id
        return base if message is None else f"{base}/{message}"

    removed = {post.id for post in evidence.removed}
    edited = {}
    for row in planned:
        if row.draft.kind is Kind.EDIT and row.draft.edits is not None:
            meant = rows[row.draft.edits]
            if meant.message_id is not None and meant.message_id not in removed:
                final = squeezed(LINK.sub(address, row.draft.text))
                edited[meant.message_id] = (_posted(meant), final)
    return edited


def _said(post: Post, edited: dict[int, tuple[str, str]], outcome: Outcome) -> str:
    """A post's text, the one it was posted with if it was edited as it should be."""
    text = squeezed(post.content)
    if post.id not in edited:
        return text
    first, final = edited[post.id]
    if text != final:
        outcome.wrong.append(f"not edited: {post.content[-200:]!r}")
        return text
    return first


def _posts(evidence: Evidence, notices: set[int | None]) -> tuple[list[tuple[str, Post]], int]:
    """The bot's posts, the channel's before the thread's, deleted ones too; how many threads.

    Left out are the messages (and forum posts) that tell the managers something.
    """
    channel = evidence.channel
    bot = evidence.sandbox.world.bot.id
    threads = [
        thread for thread in channel.threads if _owner(thread) == bot and thread.id not in notices
    ]
    inside = {post for thread in threads for post in thread.messages}
    outside = {post for post in channel.messages if channel.kind != "forum"}
    for post in evidence.removed:
        (outside if post.channel_id == channel.id else inside).add(post)
    found = [
        (place, post)
        for place, posts in (("channel", outside), ("thread", inside))
        for post in sorted(posts, key=lambda post: post.id)
        if post.author_id == bot and post.id not in notices
    ]
    return found, len(threads)


def _owner(thread: Place) -> int:
    assert thread.record.thread is not None
    return thread.record.thread.owner_id
