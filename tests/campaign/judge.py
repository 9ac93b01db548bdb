"""What came of a run: every message once and in order, or else what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.model.digest import DigestState
from bot.model.outbox import Kind, Row, State
from bot.sandbox import Sandbox
from bot.sandbox.places import Place
from bot.sandbox.posts import Post

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


def judge(evidence: Evidence, ending: State = State.SENT) -> Outcome:
    """The outcome. `ending`: what must have become of the rows, the first ones of which may be
    sent where that is not SENT."""
    outcome = Outcome()
    planned = [row for row in evidence.rows if row.draft.lane.startswith("digest:")]
    notices = [row for row in evidence.rows if not row.draft.lane.startswith("digest:")]
    outcome.told = len(notices)
    if outcome.told > 1:
        outcome.wrong.append(f"told {outcome.told} times")
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
    states = [row.state for row in planned]
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
    posts, threads = _posts(evidence)
    said = [(place, squeezed(post.content)) for place, post in posts]
    for notice in notices:
        told = ("channel", squeezed(notice.draft.text))
        if told in said:
            at = said.index(told)
            del said[at], posts[at]
    wanted = _wanted(planned)
    missing, extra = Counter(wanted) - Counter(said), Counter(said) - Counter(wanted)
    outcome.lost = missing.total()
    outcome.doubled = extra.total() + max(threads - 1, 0)
    if threads < 1:
        outcome.lost += 1
    if missing or extra:
        return
    makers = [row for row in planned if row.draft.kind is not Kind.THREAD]
    for row, (_, post), want, have in zip(makers, posts, wanted, said, strict=True):
        # A message known to be posted only by its nonce has no id.
        if want != have or row.message_id not in (None, post.id):
            outcome.disordered += 1


def _wanted(planned: Sequence[Row]) -> list[Said]:
    """What should stand at Discord, in order."""
    wanted: list[Said] = []
    for row in planned:
        draft = row.draft
        if draft.kind is Kind.FORUM_POST:
            wanted.append(("thread", squeezed(draft.text.partition("\n")[2])))
        elif draft.kind is Kind.MESSAGE:
            place = "channel" if draft.target_id is not None else "thread"
            wanted.append((place, squeezed(draft.text)))
    return wanted


def _posts(evidence: Evidence) -> tuple[list[tuple[str, Post]], int]:
    """The bot's posts, the channel's before the thread's, deleted ones too; how many threads."""
    channel = evidence.channel
    bot = evidence.sandbox.world.bot.id
    threads = [thread for thread in channel.threads if _owner(thread) == bot]
    inside = {post for thread in threads for post in thread.messages}
    outside = {post for post in channel.messages if channel.kind != "forum"}
    for post in evidence.removed:
        (outside if post.channel_id == channel.id else inside).add(post)
    found = [
        (place, post)
        for place, posts in (("channel", outside), ("thread", inside))
        for post in sorted(posts, key=lambda post: post.id)
        if post.author_id == bot
    ]
    return found, len(threads)


def _owner(thread: Place) -> int:
    assert thread.record.thread is not None
    return thread.record.thread.owner_id
