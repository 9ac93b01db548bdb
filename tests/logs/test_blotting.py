"""Secrets are blotted out of logs and answers, known ones and what looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.config import DatabaseConfig, DiscordConfig, Settings
from bot.logs.blotting import BLOT, Blotter, passwords_in, secrets_among, secrets_of

TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.GZl1xQ.aFhPq3mD1Qm2_fP0S8vT6bN4xYz0w9LkJ7uRfE"


@pytest.mark.parametrize(
    ("said", "blotted"),
    [
        ("at postgresql://club:s3cret@db:5432/x", f"at postgresql://club:{BLOT}@db:5432/x"),
        ("postgresql://club:p@ss@word@db/x", f"postgresql://club:{BLOT}@db/x"),
        ("postgres:/club:s3cret@db/x", f"postgres:/club:{BLOT}@db/x"),
        ("postgresql+asyncpg://:s3cret@db", f"postgresql+asyncpg://:{BLOT}@db"),
        ("http://proxy:p%40ss@10.0.0.1:3128/api", f"http://proxy:{BLOT}@10.0.0.1:3128/api"),
        ("'https://a:b@h/' 'https://c:d@h/'", f"'https://a:{BLOT}@h/' 'https://c:{BLOT}@h/'"),
        (f"Authorization: Bot {TOKEN}", f"Authorization: Bot {BLOT}"),
        (
            "POST https://discord.com/api/v10/interactions/12/aW50ZXJh:x/callback",
            f"POST https://discord.com/api/v10/interactions/12/{BLOT}/callback",
        ),
        (
            "url='https://discord.com/api/v10/webhooks/12/aW50ZXJh/messages/@original?x=1'",
            f"url='https://discord.com/api/v10/webhooks/12/{BLOT}/messages/@original?x=1'",
        ),
        ("{'token': 'aW50ZXJh', 'version': 1}", f"{{'token': '{BLOT}', 'version': 1}}"),
        ('{"token": "aW50ZXJh"}', f'{{"token": "{BLOT}"}}'),
        ("host=db password=s3cret user=x", f"host=db password={BLOT} user=x"),
    ],
)
def test_what_looks_like_a_secret(said: str, blotted: str) -> None:
    assert Blotter()(said) == blotted


@pytest.mark.parametrize(
    "said",
    [
        "https://arxiv.org/abs/2007.10909v2 at 10:30",
        "https://medium.com/@somebody/a-post",
        "postgresql://USER:PASSWORD@HOST/DATABASE",
        "sqlite:////srv/papertakes.db: locked",
        "discord.token: Discord refuses it",
        "ada@example.org",
        "2026-11-29T18:12:38.724069Z",
        "/channels/{channel_id}/messages",
    ],
)
def test_what_looks_like_none(said: str) -> None:
    assert Blotter()(said) == said


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=8), st.text(), st.text())
def test_a_known_secret_is_in_nothing(secret: str, before: str, after: str) -> None:
    blotted = Blotter([secret])(before + secret + after)
    assert secret not in blotted.replace(BLOT, "\n") or secret in BLOT


def test_the_secrets_of_settings() -> None:
    settings = Settings(
        discord=DiscordConfig(token=SecretStr(TOKEN), api_base="http://u:proxy%2Fword@h/api/v10"),
        database=DatabaseConfig(url="postgresql://club:long@password@db/club"),
    )
    assert {TOKEN, "proxy%2Fword", "proxy/word", "long@password"} <= set(secrets_of(settings))


def test_everyday_words_are_no_secrets() -> None:
    assert not list(passwords_in("postgresql://papertakes:papertakes@db/papertakes"))
    assert not list(passwords_in("postgresql://club:short@db/club"))
    assert not list(passwords_in("sqlite:///takes.db"))


def test_the_secrets_of_an_environment() -> None:
    environ = {
        "DISCORD_TOKEN": TOKEN,
        "PAPERTAKES_DATABASE__URL": "postgresql:///x?user=u&password=long%20password",
        "PATH": "/usr/bin",
    }
    assert set(secrets_among(environ)) == {TOKEN, "long password"}
