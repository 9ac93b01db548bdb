from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox import Sandbox, World
from bot.sandbox.player import StepFailed, play
from bot.sandbox.script import parse
from bot.sandbox.transcript import transcript
from tests.sandbox.page.clubbot import running

START = datetime(2020, 7, 26, 9, tzinfo=UTC)
AT = 'who = "Ada"\nwhere = "#papers"\n'
ADD = f'[[step]]\n{AT}command = "/paper add"\noptions = {{ reference = "2007.10909" }}\n'


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    async def set(self, time: datetime) -> None:
        self.now = time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(clock=clock, world=World.sample(), respond_within=0.5)
    await sandbox.start()
    async with running(sandbox):
        yield sandbox
    await sandbox.stop()


async def run(sandbox: Sandbox, clock: Clock, text: str) -> None:
    await play(parse(text), sandbox, clock.set)


async def test_a_week_and_its_transcript(sandbox: Sandbox, clock: Clock) -> None:
    await run(
        sandbox,
        clock,
        f"""
        {ADD}
        time = 2020-07-26T10:00:00Z
        expect = "SliceOut"

        [[step]]
        press = "Add take"
        on = "SliceOut"
        fields = {{ Text = "Slices channels." }}
        expect = "Noted on **SliceOut"

        [[step]]
        who = "Grace"
        command = "/note"
        options = {{ paper = "2007.10396", text = "evolves" }}

        [[step]]
        select = "Save it as"
        values = "Favourite"
        expect = "Saved as best"

        [[step]]
        command = "/week"
        expect = "Posted."

        [[step]]
        where = "#papers > 200726"
        say = "good week"
        reply_to = "SliceOut"

        [[step]]
        see = "good week"

        [[step]]
        where = "#papers"
        menu = "Add its papers"
        on = "Three papers"
        expect = "Looked at"
        """,
    )
    text = transcript(sandbox, "papers")
    lines = text.split("\n")
    assert lines[0] == "#papers"
    assert "Papertakes  2020-07-26 10:00" in text
    assert "│ ### SliceOut: Training Transformers and CNNs faster while using less memory" in lines
    assert "Noted on **SliceOut: Training" in text
    assert "    ⤷ 200726 Thoughts on recent papers" in lines
    starter = lines.index("# 200726 Thoughts on recent papers")
    assert lines.index("    ⤷ 200726 Thoughts on recent papers") > starter
    assert "    good week" in lines
    assert any(line.startswith("        ↩ Papertakes: **[SliceOut") for line in lines)
    assert "Saved as" not in text
    assert transcript(sandbox, "ml-papers").endswith("(nothing here yet)")


REFUSED = f'[[step]]\n{AT}command = "/note"\noptions = {{ paper = "x", text = "  " }}\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (REFUSED, "step 1: Ada in #papers: /note: ⚠️ A take needs some words."),
        (f"{ADD}refused = true", "step 1: Ada in #papers: /paper add: should have been refused"),
        (f'{ADD}expect = "BYOL"', "the answer does not say “BYOL”"),
        (f'[[step]]\n{AT}command = "/nonsense"', "step 1: Ada in #papers: /nonsense: "),
        (f'[[step]]\n{AT}command = "/papre add"', "here for Ada (did you mean paper?)"),
        (f'[[step]]\n{AT}command = "/add"', "here for Ada (did you mean /paper add?)"),
        (f'[[step]]\n{AT}command = "/paper ad"', "there is no ad (did you mean add?)"),
        (f'[[step]]\n{AT}command = "/paper"', "/paper needs a subcommand (there are: add"),
        (
            f'[[step]]\n{AT}command = "/paper add"\n'
            'options = { refrence = "x", reference = "y" }',
            "/add has no option refrence (did you mean reference?)",
        ),
        (f'[[step]]\n{AT}menu = "Add papers"', "no such message"),
        (f'\n\n[[step]]\n{AT}command = "/paper"', "line 3: step 1: Ada in #papers: "),
        ('[[step]]\nwho = "Gracie"\nwhere = "#papers"\nsay = "x"', "(did you mean Grace?)"),
        ('[[step]]\nwho = "Ada"\nwhere = "#paprs"\nsay = "x"', "(did you mean papers?)"),
        (f'[[step]]\n{AT}command = "/paper add"', "reference"),
        (f'[[step]]\n{AT}command = "/mute"', "did not respond"),
        (f'[[step]]\n{AT}press = "Add take"', "sees no such message"),
        (f'{ADD}\n[[step]]\npress = "Add take"', "a form opened (“Your take”)"),
        (
            f'{ADD}\n[[step]]\npress = "Add take"\nfields = {{ Body = "x" }}',
            "the form has no field “Body”; it has: Text",
        ),
        (f'{ADD}fields = {{ Text = "x" }}', "no form opened"),
        ('[[step]]\nwho = "Nobody"\nwhere = "#papers"\nsay = "hi"', "there is no member Nobody"),
        (
            '[[step]]\nwho = "Ada"\nwhere = "#nowhere"\nsay = "hi"',
            "no channel or thread called #now",
        ),
        ('[[step]]\nwho = "Ada"\nwhere = "#papers > x"\nsay = "hi"', "there is no thread “x”"),
    ],
)
async def test_what_goes_wrong_is_told_in_one_line(
    sandbox: Sandbox, clock: Clock, text: str, told: str
) -> None:
    with pytest.raises(StepFailed) as error:
        await run(sandbox, clock, text)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        f'{REFUSED}refused = true\nexpect = "needs some words"',
        f'[[step]]\n{AT}command = "/nonsense"\nrefused = true',
        f'[[step]]\n{AT}command = "/mute"\nrefused = true',
    ],
)
async def test_refusals_that_are_expected(sandbox: Sandbox, clock: Clock, text: str) -> None:
    await run(sandbox, clock, text)


async def test_forum_posts(sandbox: Sandbox, clock: Clock) -> None:
    await run(
        sandbox,
        clock,
        """
        [[step]]
        who = "Grace"
        where = "reading-room"
        say = "What do you think of it?"
        title = "BYOL"
        [[step]]
        where = "reading-room > BYOL"
        who = "Minji"
        say = "좋다"
        """,
    )
    text = transcript(sandbox, "reading-room")
    assert text.startswith("reading-room\n")
    assert text.index("⤷ BYOL") < text.index("What do you think") < text.index("좋다")
