"""What came of a run: every message once and in order, or else what is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.model.digest import DigestState
from bot.model.outbox import LINK, OutboxKind, OutboxState, Row
from bot.sandbox import Sandbox
from bot.sandbox.places import Place
from bot.sandbox.posts import Post

_THREADS = (OutboxKind.THREAD, OutboxKind.FORUM_POST)

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


@dataclass(frozen=True, slots=True)
class Posts:
    """What the bot has posted: where (`channel` or `thread`) and what; and its threads."""

    said: Sequence[tuple[str, Post]]
    threads: frozenset[int]


def squeezed(text: str) -> str:
    return "".join(text.split())


def judge(
    evidence: Evidence, ending: OutboxState = OutboxState.SENT, told: int = 0, digests: int = 1
) -> Outcome:
    """The outcome. `ending`: what must have become of the rows, the first ones of which may be
    sent where that is not SENT. `told`: how often the managers must have been told. `digests`:
    how many there must be, each whole and in order."""
    outcome = Outcome()
    planned = [row for row in evidence.rows if row.draft.lane.startswith("digest:")]
    notices = [row for row in evidence.rows if not row.draft.lane.startswith("digest:")]
    # An edit of what they were told, once it is no longer true, tells them nothing new.
    outcome.told = sum(row.draft.kind is not OutboxKind.EDIT for row in notices)
    if outcome.told != told or {row.state for row in notices} - {OutboxState.SENT}:
        states = ", ".join(row.state for row in notices)
        outcome.wrong.append(f"told {outcome.told} times instead of {told}: {states}")
    lanes = list(dict.fromkeys(row.draft.lane for row in planned))
    if len(lanes) != digests or len(evidence.states) != digests:
        outcome.wrong.append(f"planned: {lanes}, digests: {', '.join(evidence.states)}")
        return outcome
    _judge_states(outcome, evidence, planned, ending)
    if ending is OutboxState.SENT:
        by_lane = [[row for row in planned if row.draft.lane == lane] for lane in lanes]
        posts = _posts(evidence, {row.message_id for row in notices})
        for rows, its in zip(by_lane, _shared_out(by_lane, posts), strict=True):
            _judge_posts(outcome, evidence, rows, its)
    return outcome


def _judge_states(
    outcome: Outcome, evidence: Evidence, planned: Sequence[Row], ending: OutboxState
) -> None:
    gone = {post.id for post in evidence.removed}
    # What is not there any more is not edited.
    keys = {row.draft.key for row in planned if row.message_id in gone}
    states = [row.state for row in planned if row.draft.edits not in keys]
    if ending is OutboxState.SENT:
        good = set(states) == {OutboxState.SENT} and set(evidence.states) == {DigestState.POSTED}
    elif ending is OutboxState.FAILED:
        rest = states[states.index(OutboxState.FAILED) :] if OutboxState.FAILED in states else []
        good = bool(rest) and set(rest[1:]) <= {OutboxState.PENDING}
    else:
        good = states[-1] is ending and set(states) <= {OutboxState.SENT, ending}
    if not good:
        shown = ", ".join(f"{state} {count}" for state, count in Counter(states).items())
        digests = ", ".join(evidence.states)
        outcome.wrong.append(f"rows: {shown}; digests: {digests}")


def _shared_out(by_lane: Sequence[Sequence[Row]], posts: Posts) -> Sequence[Posts]:
    """The posts of each lane; those that are none's are the first one's, where they are too many.

    A thread belongs to the lane that made it, a message in the channel to the one that says it.
    """
    if len(by_lane) == 1:
        return [posts]
    shares: list[Posts] = []
    left = posts
    for rows in by_lane[1:]:
        made = {row.message_id for row in rows if row.draft.kind in _THREADS}
        said = {text for place, text in _wanted(rows) if place == "channel"}
        known = {row.message_id for row in rows} - {None}
        mine = {
            post.id
            for place, post in left.said
            if post.channel_id in made
            or (place == "channel" and (post.id in known or squeezed(post.content) in said))
        }
        shares.append(Posts([one for one in left.said if one[1].id in mine], left.threads & made))
        left = Posts([one for one in left.said if one[1].id not in mine], left.threads - made)
    return [left, *shares]


def _judge_posts(
    outcome: Outcome, evidence: Evidence, planned: Sequence[Row], posts: Posts
) -> None:
    edited = _edited(evidence, planned)
    said = [(place, _said(post, edited, outcome)) for place, post in posts.said]
    wanted = _wanted(planned)
    missing, extra = Counter(wanted) - Counter(said), Counter(said) - Counter(wanted)
    outcome.lost += missing.total()
    outcome.doubled += extra.total() + max(len(posts.threads) - 1, 0)
    if not posts.threads:
        outcome.lost += 1
    if missing or extra:
        return
    makers = [
        row for row in planned if row.draft.kind in (OutboxKind.MESSAGE, OutboxKind.FORUM_POST)
    ]
    for row, (_, post), want, have in zip(makers, posts.said, wanted, said, strict=True):
        # A message known to be posted only by its nonce has no id.
        if want != have or row.message_id not in (None, post.id):
            outcome.disordered += 1


def _wanted(planned: Sequence[Row]) -> list[Said]:
    """What should stand at Discord, in order, as it is posted."""
    wanted: list[Said] = []
    for row in planned:
        if row.draft.kind is OutboxKind.FORUM_POST:
            wanted.append(("thread", _posted(row)))
        elif row.draft.kind is OutboxKind.MESSAGE:
            place = "channel" if row.draft.target_id is not None else "thread"
            wanted.append((place, _posted(row)))
    return wanted


def _posted(row: Row) -> str:
    """A row's text without spaces; a forum post's title is not a message's."""
    text = row.draft.filled
    return squeezed(text.partition("\n")[2] if row.draft.kind is OutboxKind.FORUM_POST else text)


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
        if row.draft.kind is OutboxKind.EDIT and row.draft.edits is not None:
            meant = rows[row.draft.edits]
            if meant.message_id is not None and meant.message_id not in removed:
                final = squeezed(LINK.sub(address, row.draft.filled))
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


def _posts(evidence: Evidence, notices: set[int | None]) -> Posts:
    """The bot's posts, the channel's before the threads', deleted ones too.

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
    return Posts(found, frozenset(thread.id for thread in threads))


def _owner(thread: Place) -> int:
    assert thread.record.thread is not None
    return thread.record.thread.owner_id
