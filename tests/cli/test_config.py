"""Settings: file, environment, and one line for what is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.config import ConfigError, load
from bot.model.channel import write_settings
from tests.cli.command import papertakes, papertakes_process


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_example_is_a_valid_configuration() -> None:
    example = Path(__file__).parents[2] / "config.example.toml"
    settings = load(example, {})
    assert settings.arxiv.interval == 3.0


def test_the_example_names_every_setting() -> None:
    from bot.config import Settings

    example = (Path(__file__).parents[2] / "config.example.toml").read_text("utf-8")
    for section, field in Settings.model_fields.items():
        assert f"[{section}]" in example
        for key in getattr(field.annotation, "model_fields", {}):
            assert f"{key} = " in example, f"{section}.{key}"


@pytest.mark.parametrize(
    ("written_as", "meant"),
    [
        ('time_zone = "GMT+9"', "UTC+09:00"),
        ('time_zone = "서울"', "Asia/Seoul"),
        ('time = "6pm"', "18:00"),
        ("time = 18:30:00", "18:30"),
        ("time = 1830", "18:30"),
        ('weekday = "월목"', "monday,thursday"),
        ('weekday = ["mon", "thu"]', "monday,thursday"),
    ],
)
def test_hours_and_days_are_written_as_people_do(
    tmp_path: Path, written_as: str, meant: str
) -> None:
    digest = load(written(tmp_path, f"[digest]\n{written_as}"), {}).digest
    assert meant in write_settings(digest.channel(None)).values()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[discord]\ntokn = 'x'", "discord.tokn"),
        ("[arxiv]\ninterval = 'often'", "arxiv.interval"),
        ("[digest]\ntime_zone = 'Mars/Olympus'", "digest.time_zone"),
        ("[digest]\ntime_zone = 'localtime'", '"Asia/Seoul", "UTC+9"'),
        ("[nonsense]\na = 1", "nonsense"),
        ("[discord", "config.toml"),
        ("[digest]\nauthors = 0", "digest.authors"),
        ("[http]\nport = true", "http.port: true cannot be used: write a whole number"),
        ("[arxiv]\ninterval = inf", "arxiv.interval"),
        ('[arxiv]\napi_base = "ftp://secret@x"', 'write a whole address: "https://export.arxiv'),
        ('[arxiv]\ncontact = "a\\nb"', "arxiv.contact"),
        ('[discord]\napi_base = "discord.com"', 'write a whole address: "https://discord.com'),
        ('[discord]\ngateway = "https://secret:x"', 'write a whole address: "wss://'),
        ("[discord]\ntoken = 'Bot secret'", "discord.token: write the token alone"),
        ("[discord]\ntoken = '«secret»'", "discord.token: write the token alone"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_key_and_file(
    tmp_path: Path, text: str, named: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as refused:
        load(path, {})
    line = str(refused.value)
    assert named in line
    assert "config.toml" in line
    assert "\n" not in line
    assert "secret" not in line


def test_a_file_as_windows_editors_write_it_is_read_or_its_remedy_told(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[http]\nport = 9090\n", "utf-8-sig")
    assert load(path, {}).http.port == 9090
    path.write_text("[http]\nport = 9090\n", "utf-16")
    with pytest.raises(ConfigError, match="save it as UTF-8"):
        load(path, {})


def test_a_folder_in_the_file_s_place_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"^config\.toml: cannot be read: Is a directory$"):
        load(None, {})


def test_a_fault_of_the_environment_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the file has a value, which is not used; and once."""
    path = written(tmp_path, "[http]\nport = 9090")
    monkeypatch.setenv("PAPERTAKES_HTTP__PORT", "x")
    monkeypatch.setenv("PAPERTAKES_HTTP__PROT", "9090")
    with pytest.raises(ConfigError) as refused:
        load(path, dict(os.environ))
    assert str(refused.value).splitlines() == [
        "environment: PAPERTAKES_HTTP__PROT: unknown setting (did you mean PAPERTAKES_HTTP__PORT?)",
        "environment: PAPERTAKES_HTTP__PORT (http.port): 'x' cannot be used: write a whole number",
    ]


def test_a_token_is_taken_without_the_space_around_it(tmp_path: Path) -> None:
    assert load(None, {"DISCORD_TOKEN": " a.b.c\n"}).discord.token.get_secret_value() == "a.b.c"
    with pytest.raises(ConfigError, match=r"^environment: DISCORD_TOKEN: write the token alone"):
        load(None, {"DISCORD_TOKEN": '"a.b.c"'})


def test_a_data_folder_that_cannot_be_made_is_told_with_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, "")
    monkeypatch.setattr("bot.config.user_data_path", (tmp_path / "config.toml").joinpath)
    with pytest.raises(ConfigError, match=r"^database\.url: not set, and the folder .* cannot be"):
        load(None, {}).database.resolved()


def test_the_environment_comes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "[discord]\ntoken = 'file'\n[database]\nurl = 'sqlite:///file.db'")
    monkeypatch.setenv("PAPERTAKES_DATABASE__URL", "sqlite:///env.db")
    settings = load(path, dict(os.environ))
    assert settings.database.url == "sqlite:///env.db"
    assert settings.source == str(path)
    assert settings.discord.token.get_secret_value() == "file"
    settings = load(path, {"DISCORD_TOKEN": "env"})
    assert settings.discord.token.get_secret_value() == "env"
    assert "env" not in repr(settings.discord)


def test_all_faults_are_told_at_once_with_what_is_possible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERTAKES_LOG__LEVEL", "info")
    path = written(
        tmp_path,
        """
        [arxiv]
        contcat = "a@b.c"
        interval = "often"
        token = "x"
        [discrod]
        token = "hidden"
        [discord]
        token = 5
        [log]
        level = "loud"
        [http]
        port = 99999
        [digest]
        time = "late"
        """,
    )
    with pytest.raises(ConfigError) as refused:
        load(path, {"PAPERTAKES_DISCORD_TOKEN": "hidden"})
    lines = str(refused.value).splitlines()
    told = {
        "arxiv.contcat": "did you mean contact?",
        "arxiv.interval": "a number",
        "arxiv.token": "did you mean discord.token?",
        "discrod": "did you mean discord?",
        "discord.token": "text in quotes",
        "http.port": "at most 65535",
        "digest.time": "18:00",
        "PAPERTAKES_DISCORD_TOKEN": "did you mean PAPERTAKES_DISCORD__TOKEN?",
    }
    for key, remedy in told.items():
        [line] = [line for line in lines if f" {key}:" in line]
        assert remedy in line
    assert len(lines) == len(told)  # the level comes from the environment, which is well
    assert "hidden" not in str(refused.value)
    monkeypatch.delenv("PAPERTAKES_LOG__LEVEL")
    with pytest.raises(ConfigError, match="'debug', 'info', 'warning', 'error'"):
        load(path, {})


@pytest.mark.parametrize(
    "name", ["PAPERTAKES_FOO__BAR", "PAPERTAKES_DISCORD__TOKN", "PAPERTAKES_X"]
)
def test_an_unknown_variable_is_not_passed_over(name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load(None, {name: "1"})


def test_run_without_a_token_ends_with_one_line_and_status_1(tmp_path: Path) -> None:
    written(tmp_path, "[log]\nlevel = 'info'")
    ended = papertakes_process("run", cwd=tmp_path)
    assert ended.returncode == 1
    [line] = ended.stderr.strip().splitlines()
    assert "discord.token" in line
    assert "config.toml" in line


def test_run_with_a_bad_file_ends_with_one_line_and_status_1(tmp_path: Path) -> None:
    path = written(tmp_path, "[discord]\ntoken = 'x'\nshards = 'many'")
    ended = papertakes("run", "--config", str(path), cwd=tmp_path)
    assert ended.returncode == 1
    [line] = ended.stderr.strip().splitlines()
    assert "discord.shards" in line
    assert str(path) in line


def test_several_faults_are_a_line_each(tmp_path: Path) -> None:
    written(tmp_path, "[log]\nlevel = 'loud'\n[arxiv]\ncontcat = 'x'")
    ended = papertakes("doctor", cwd=tmp_path)
    assert ended.returncode == 1
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 2
    assert all(line.startswith("papertakes: config.toml: ") for line in lines)


def test_the_version_is_told(tmp_path: Path) -> None:
    ended = papertakes_process("--version", cwd=tmp_path)
    assert ended.returncode == 0
    assert ended.stdout.startswith("papertakes 0.")


def test_wrong_usage_is_status_2(tmp_path: Path) -> None:
    assert papertakes("dance", cwd=tmp_path).returncode == 2
    assert papertakes("digest", cwd=tmp_path).returncode == 2


def test_digest_of_an_unknown_channel_is_told_in_one_line(tmp_path: Path) -> None:
    ended = papertakes(
        "digest", "--channel", "nowhere", cwd=tmp_path, PAPERTAKES_DATABASE__URL="sqlite:///a.db"
    )
    assert ended.returncode == 1
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "nowhere" in ended.stderr
    ended = papertakes(
        "db", "current", "--json", cwd=tmp_path, PAPERTAKES_DATABASE__URL="sqlite:///a.db"
    )
    assert ended.returncode == 0
    assert '"revision"' in ended.stdout


def test_a_file_nested_too_deep_is_told_in_one_line(tmp_path: Path) -> None:
    deep = "[" * 10_000 + "]" * 10_000
    path = written(tmp_path, f"[discord]\ntoken = {deep}")
    done = papertakes("run", "--config", str(path), cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr == f"papertakes: {path}: nested too deep for a configuration\n"
    path.unlink()
    done = papertakes("run", cwd=tmp_path, PAPERTAKES_DISCORD=deep)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "PAPERTAKES_DISCORD: unknown setting" in done.stderr


def test_days_are_written_so_in_the_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERTAKES_DIGEST__WEEKDAY", "월목")
    assert load(None, {}).digest.weekday == ("monday", "thursday")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('base_url = "http://localhost:11434/v1"', "base_url and model are set together"),
        ('model = "qwen3:8b"', "base_url and model are set together"),
        ('base_url = "localhost:11434"\nmodel = "m"', 'write a whole address: "http://localhost'),
        ('base_url = "https://u:p@h/v1"\nmodel = "m"', "the key goes into api_key"),
        ('api_key = "two words"', "write the key alone"),
        ("timeout = 0", "more than 0"),
        ("per_day = -1", "at least 0"),
        ('prompt = "/nowhere/prompt.txt"', "the file cannot be read"),
    ],
)
def test_a_model_that_cannot_be_asked(tmp_path: Path, typed: str, said: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[summaries]\n{typed}\n", "utf-8")
    with pytest.raises(ConfigError) as refused:
        load(file, {})
    assert said in str(refused.value)
    assert "two words" not in str(refused.value)


def test_a_models_key_from_the_usual_variable(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '[summaries]\nbase_url = "http://h/v1/chat/completions"\nmodel = "m"\n', "utf-8"
    )
    settings = load(file, {"OPENAI_API_KEY": "sk-usual"}).summaries
    assert settings.base_url == "http://h/v1"
    assert settings.api_key.get_secret_value() == "sk-usual"
    assert not load(None, {"OPENAI_API_KEY": "sk-usual"}).summaries.api_key.get_secret_value()
