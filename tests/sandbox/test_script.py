from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sandbox.script import KEYS, ScriptError, Step, load, parse

FIRST = '[[step]]\nwho = "Ada"\nwhere = "#papers"\n'


def test_a_step_in_full() -> None:
    text = """
        [[step]]
        time = 2020-07-26T18:00:00+09:00
        who = "Ada"
        where = "#papers"
        command = "/take"
        options = { paper = "2007.10909", count = 3, all = true }
        fields = { Text = "slices", Tags = ["a", "b"] }
        expect = "noted"
    """
    assert parse(text).steps == (
        Step(
            number=1,
            action="command",
            what="/take",
            who="Ada",
            where="#papers",
            time=datetime(2020, 7, 26, 9, tzinfo=UTC),
            options={"paper": "2007.10909", "count": 3, "all": True},
            fields={"Text": "slices", "Tags": ("a", "b")},
            expect=("noted",),
        ),
    )


def test_who_and_where_stay_until_changed() -> None:
    steps = parse(
        f'{FIRST}say = "hi"\n[[step]]\nsay = "ho"\n[[step]]\nwho = "Grace"\nsee = "ho"'
    ).steps
    assert [(step.who, step.where) for step in steps] == [
        ("Ada", "#papers"),
        ("Ada", "#papers"),
        ("Grace", "#papers"),
    ]


def test_a_step_may_only_move_the_time() -> None:
    (step,) = parse("[[step]]\ntime = 2020-07-26T09:00:00Z").steps
    assert step.action is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "step: there is no [[step]] in it"),
        ("[step]\nwho = 'Ada'", "step: must be written [[step]]"),
        ("title = 'x'\n[[step]]\n", "title: unknown key"),
        ("[[step]\n", "not valid TOML"),
        (f"{FIRST}comand = '/x'", "step 1: comand: unknown key"),
        (f"{FIRST}", "step 1: command: missing"),
        (f"{FIRST}command = 'paper add'", "step 1: command: must begin with a slash"),
        (f"{FIRST}command = '/x'\nsay = 'hi'", "step 1: say: a step does one thing"),
        (f"{FIRST}say = 'hi'\non = 'x'", "step 1: on: goes only with press, select, menu"),
        (f"{FIRST}say = 'hi'\nrefused = true", "step 1: refused: goes only with"),
        (f"{FIRST}command = '/x'\nrefused = 'yes'", "step 1: refused: must be true or false"),
        (f"{FIRST}command = '/x'\nexpect = 3", "step 1: expect: must be text"),
        (f"{FIRST}command = '/x'\noptions = 'a'", "step 1: options: must be a table"),
        (f"{FIRST}command = '/x'\noptions = {{ a = [1] }}", "step 1: options.a: must be text"),
        (f"{FIRST}command = '/x'\nfields = {{ a = 1 }}", "step 1: fields.a: must be text"),
        (f"{FIRST}select = 'Pick'", "step 1: values: missing"),
        (f"{FIRST}say = ' '", "step 1: say: is empty"),
        ("[[step]]\nwhere = '#papers'\nsay = 'hi'", "step 1: who: missing"),
        ("[[step]]\nwho = 'Ada'\nsay = 'hi'", "step 1: where: missing"),
        ("[[step]]\nwho = 3\nwhere = '#papers'\nsay = 'hi'", "step 1: who: must be text"),
        ("[[step]]\ntime = 2020-07-26T09:00:00", "step 1: time: must be a time with its offset"),
        ("[[step]]\ntime = 'noon'", "step 1: time: must be a time with its offset"),
        (f"{FIRST}say = 'hi'\n[[step]]\nwhen = 3", "step 2: when: unknown key"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(text: str, told: str) -> None:
    with pytest.raises(ScriptError) as error:
        parse(text, Path("week.toml"))
    assert str(error.value).startswith("week.toml: ")
    assert told in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{FIRST}comand = '/x'", "line 4: step 1: comand: unknown key (did you mean command?)"),
        ("[[steps]]\ntime = 3", "steps: unknown key (did you mean step?)"),
        (
            f'# [[step]]\n{FIRST}say = """\n[[step]]\nhi"""\n\n[[step]]\nsay = "a"\non = "b"',
            "line 11: step 2: on: goes only with",
        ),
        (f"{FIRST}command = '/x'\n[step.options]\na = [1]", "line 5: step 1: options.a:"),
        (f"{FIRST}\n\n", "line 1: step 1: command: missing"),
        ("step = [{ who = 'Ada', sey = 'hi' }]", "week.toml: step 1: sey: unknown key"),
        (f"{FIRST}say = 'hi'\nx\n", "(at line 5, column 2)"),
    ],
)
def test_the_line_is_named_and_what_was_meant(text: str, told: str) -> None:
    with pytest.raises(ScriptError) as error:
        parse(text, Path("week.toml"))
    assert told in str(error.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="No such file"):
        load(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScriptError, match="not UTF-8"):
        load(tmp_path / "bad.toml")


def test_the_documented_script_is_one() -> None:
    page = Path(__file__).parents[2] / "docs" / "demo-scripts.md"
    example = page.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    assert len(parse(example).steps) == 4


def test_every_key_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "demo-scripts.md").read_text(encoding="utf-8")
    assert [key for key in sorted(KEYS) if f"`{key}" not in page] == []
