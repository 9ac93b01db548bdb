"""Plays a script's steps as the members' clients would."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.sandbox.near import near
from bot.sandbox.posts import ClientRefused
from bot.sandbox.script import Script, Step

if TYPE_CHECKING:
    from bot.sandbox import Form, Person, Place, Post, Reply, Sandbox

REFUSAL = "⚠"
"""What a private answer begins with when it says no (the emoji's variation selector may follow)."""
PATIENCE = 30.0
"""Seconds of real time to wait for the bot's answer, or for what a `see` step looks for."""


class StepFailed(Exception):
    """A step went otherwise than the script says; one line: the step, who, what, and the answer."""


async def play(
    script: Script,
    sandbox: Sandbox,
    set_time: Callable[[datetime], Awaitable[None]],
    *,
    settle: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Do a script's steps in order.

    `set_time` is awaited before a step that has a `time`; `settle` after every step, for work that
    the bot does on its own (posting what it has queued). Raises StepFailed at the first step that
    is refused and should not be, is not refused and should be, or lacks the words it expects.
    """
    for step in script.steps:
        if step.time is not None:
            await set_time(step.time)
            if settle is not None:
                await settle()
        if step.action is None:
            continue
        try:
            await _Attempt(step, sandbox, settle).run()
        except TimeoutError as error:
            raise _failure(step, "there was no answer in time") from error


class _Attempt:
    """One step being done."""

    def __init__(
        self, step: Step, sandbox: Sandbox, settle: Callable[[], Awaitable[None]] | None
    ) -> None:
        self.step, self.sandbox, self.settle = step, sandbox, settle

    async def run(self) -> None:
        step = self.step
        try:
            person = self.sandbox.person(step.who)
        except KeyError as error:
            names = [one.display_name for one in self.sandbox.people()]
            meant = near(step.who, names) or f" (there are: {', '.join(names)})"
            raise _failure(step, f"there is no member {step.who}{meant}") from error
        try:
            place = self._place(person)
            if step.action == "say":
                return await self._say(person, place)
            if step.action == "see":
                return await self._wait_to_see(person, place, (step.what, *step.expect), 0)
            reply = await self._act(person, place)
            reply = await self._answered(person, reply)
        except ClientRefused as error:
            return self._judge(refusal=f"{error}", text=f"{error}")
        await self._settled()
        return self._judge(refusal=refusal_of(reply), text=reply.text)

    # ------------------------------------------------------------------ doing

    async def _act(self, person: Person, place: Place) -> Reply:
        step = self.step
        match step.action:
            case "command":
                return await person.slash(
                    step.what, channel=place, timeout=PATIENCE, **keywords(step.options)
                )
            case "press":
                on = await self._message(person, place, lambda post: step.what in post.buttons)
                return await person.press(on, step.what)
            case "select":
                on = await self._message(person, place, lambda post: _has_select(post, step.what))
                return await person.choose(on, step.what, list(step.values))
            case _:
                on = await self._message(person, place, lambda post: True)
                return await person.menu(on, step.what)

    async def _answered(self, person: Person, reply: Reply) -> Reply:
        """The final answer: the form filled in, "thinking" over."""
        fields = self.step.fields
        form = reply.modal
        if form is not None and not reply.failed:
            if fields is None:
                raise _failure(self.step, f"a form opened (“{form.title}”); give its fields")
            self._check_fields(form, fields)
            filled: dict[str | int, Any] = {
                name: value if isinstance(value, str) else list(value)
                for name, value in fields.items()
            }
            reply = await person.submit(form, filled)
        elif fields is not None and refusal_of(reply) is None:
            raise _failure(self.step, f"no form opened, so no fields: {_one_line(reply.text)}")
        return reply

    def _check_fields(self, form: Form, given: Mapping[str, object]) -> None:
        names = {name for field in form.fields for name in (field.label, field.custom_id)}
        names |= {str(position) for position in range(len(form.fields))}
        for name in given:
            if name not in names:
                known = ", ".join(field.label or field.custom_id for field in form.fields)
                raise _failure(self.step, f"the form has no field “{name}”; it has: {known}")

    async def _say(self, person: Person, place: Place) -> None:
        step = self.step
        before = len(person.sees(place))
        if step.title is not None:
            await person.open_thread(step.title, channel=place, text=step.what)
        elif step.reply_to is not None:
            target = await self._message(person, place, lambda post: True, text=step.reply_to)
            await person.say(step.what, channel=place, reply_to=target, ping=step.ping)
        else:
            await person.say(step.what, channel=place)
        await self._settled()
        if step.expect:
            await self._wait_to_see(person, place, step.expect, before + 1)

    async def _wait_to_see(
        self, person: Person, place: Place, words: Sequence[str], skip: int
    ) -> None:
        """Wait until the messages after the first `skip` together hold all the words."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while True:
            seen = "\n".join(post.text for post in person.sees(place)[skip:])
            missing = [word for word in words if word not in seen]
            if not missing:
                return
            if asyncio.get_running_loop().time() > deadline:
                raise _failure(self.step, f"“{missing[0]}” is not to be seen there")
            await asyncio.sleep(0.02)

    async def _settled(self) -> None:
        if self.settle is not None:
            await self.settle()

    # ------------------------------------------------------------------ finding

    def _place(self, person: Person) -> Place:
        """`#channel`, a forum's name, `#channel > thread`, `@Papertakes`."""
        parent, _, title = (part.strip() for part in self.step.where.partition(" > "))
        try:
            place = person.place("@bot" if parent.startswith("@") else parent)
        except ClientRefused as error:
            raise _failure(self.step, str(error)) from error
        if not title:
            return place
        for fits in (str.__eq__, str.startswith, str.__contains__):
            for thread in reversed(place.threads):
                if fits(thread.name, title):
                    return thread
        names = [thread.name for thread in place.threads]
        meant = near(title, names) or f" (there are: {', '.join(names) or 'none'})"
        raise _failure(self.step, f"there is no thread “{title}” in {parent}{meant}")

    async def _message(
        self,
        person: Person,
        place: Place,
        fits: Callable[[Post], bool],
        text: str | None = None,
    ) -> Post:
        """The latest message seen there that holds the words and fits."""
        words = text if text is not None else (self.step.on or "")
        deadline = asyncio.get_running_loop().time() + 2.0
        while True:  # what the bot posts on its own may be a moment away
            for post in reversed(person.sees(place)):
                if words in post.text and fits(post):
                    return post
            if asyncio.get_running_loop().time() > deadline:
                break
            await asyncio.sleep(0.02)
        described = f"a message with “{words}”" if words else "a message"
        raise _failure(self.step, f"{person.display_name} sees no such message: {described}")

    # ------------------------------------------------------------------ judging

    def _judge(self, refusal: str | None, text: str) -> None:
        if refusal is not None and not self.step.refused:
            raise _failure(self.step, _one_line(refusal))
        if refusal is None and self.step.refused:
            raise _failure(self.step, f"should have been refused, but: {_one_line(text)}")
        for words in self.step.expect:
            if words not in text:
                raise _failure(self.step, f"the answer does not say “{words}”: {_one_line(text)}")


def keywords(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as `Person.slash` takes them when one may be called like a parameter of its own."""
    return {f"{name}_": value for name, value in options.items()}


def refusal_of(reply: Reply) -> str | None:
    """What the bot said no with, or None: no answer at all, or a private one that begins with ⚠️."""
    if reply.failed:
        return str(reply.failed)
    text = reply.text.lstrip()
    return text if reply.private and text.startswith(REFUSAL) else None


def _has_select(post: Post, name: str) -> bool:
    return any(
        "select" in control.kind and name in (control.placeholder, control.custom_id)
        for control in post.components()
    )


def _failure(step: Step, problem: str) -> StepFailed:
    what = _one_line(step.what, 80)
    did = f"{step.action} {what}" if step.action != "command" else what
    return StepFailed(f"{step}: {step.who} in {step.where}: {did}: {problem}")


def _one_line(text: str, most: int = 300) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
