"""Where an archive may be published."""

from __future__ import annotations

import pytest

from bot.model.remote import BadRemote, parse_branch, parse_target

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("typed", "protocol"),
    [
        ("/srv/www/papers", None),
        ("~/site", None),
        ("site", None),
        ("./a.b/c", None),
        ("https://github.com/club/papers.git", "https"),
        ("https://club@example.org:8443/papers", "https"),
        ("ssh://git@example.org:2222/club/papers.git", "ssh"),
        ("git@github.com:club/papers.git", "ssh"),
        ("file:///srv/git/papers.git", "file"),
        (" /srv/papers ", None),
    ],
)
def test_places(typed: str, protocol: str | None) -> None:
    target = parse_target(typed)
    assert (target.where, target.protocol) == (typed.strip(), protocol)


@pytest.mark.parametrize(
    "typed",
    ["", "-oProxyCommand=touch x", "--upload-pack=x", "ext::sh -c x", "fd::17", "http://a.example/x",
     "git://a.example/x", "ftp://a.example/x", "https://", "https://a.example", "https:///x",
     "ssh://-oProxyCommand=x/y", "ssh://-x@host/y", "file://host/x", "https://a.example/x?y",
     "git@-host:x", "git@host:-x", "git@host:a b", "https://a.example/a b", "a\nb",
     "github.com/club/papers", "/srv/git/papers.git", "host:club/papers", "htps://a.example/x",
     "https://a.example:99999/x", "https://[/x"],
)  # fmt: skip
def test_what_is_no_place(typed: str) -> None:
    with pytest.raises(BadRemote):
        parse_target(typed)


def test_a_password_has_a_place_of_its_own() -> None:
    with pytest.raises(BadRemote) as refused:
        parse_target("https://club:hunter2hunter2@example.org/papers")
    assert "archive.token" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_branches() -> None:
    for name in ("main", "gh-pages", "club/site", "1.0", "읽기"):
        assert parse_branch(name) == name
    for name in ("", "-x", "a..b", "a b", "a/", "a.lock", "/a", "a//b", "a@{b", "a~b", "a:b", ".a"):
        with pytest.raises(BadRemote):
            parse_branch(name)


def test_a_bare_repository_is_named_as_an_address() -> None:
    with pytest.raises(BadRemote, match=r"file:///srv/club\.git"):
        parse_target("/srv/club.git")
