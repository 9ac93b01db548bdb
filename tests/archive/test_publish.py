"""Publishing by itself: once, whatever happens on the way, and never more than is meant."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.archive.exporter import ExportReport
from bot.archive.publish import Publisher, PublishFailed, PublishOptions
from bot.archive.publish.remote import Remote
from bot.archive.site import SiteOptions
from bot.config import ArchiveConfig, DatabaseConfig, Settings
from bot.model.digest import DigestState
from bot.model.paper import PaperData
from bot.model.people import Member
from bot.model.remote import parse_target
from bot.model.take import How
from bot.ops import doctor_publish
from bot.sandbox import Person
from bot.store import Store, upgrade
from bot.verbs import watch_site
from tests.archive.clubs import START, a_club
from tests.bot import Bot

NOW = datetime(2020, 8, 1, 12, tzinfo=UTC)


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture(autouse=True)
def _own_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of this machine's own git settings."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    folder = tmp_path / "remote"
    git(None, "init", "-q", "--bare", "-b", "main", str(folder))
    return folder


def git(folder: Path | None, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, check=True, capture_output=True, text=True, timeout=30
    )
    return done.stdout


def subjects(remote: Path) -> list[str]:
    return git(remote, "log", "--format=%s", "main").splitlines()


def publisher(store: Store, where: str | Path, now: datetime = NOW, **more: str) -> Publisher:
    typed = f"file://{where}" if isinstance(where, Path) else where
    options = PublishOptions(parse_target(typed), SiteOptions(), **more)
    return Publisher(store, options, lambda: now)


async def posted(store: Store, number: int, now: datetime = NOW) -> None:
    async with store.begin() as tx:
        await tx.digests.posted(number, now)


async def one_more_digest(store: Store, channel: int) -> None:
    """A week later: one paper with one take."""
    async with store.begin() as tx:
        grace = await tx.members.ensure(7, Member(12, "Grace"))
        paper = await tx.papers.keep(
            0, "https://arxiv.org/abs/2006.00001", PaperData("2006.00001", "One <More>", ("A B",))
        )
        start = START + timedelta(days=7)
        entry, _ = await tx.entries.add(channel, paper.id, grace, How.COMMAND, start)
        await tx.takes.add(entry.id, grace, "more", start)
        number = await tx.digests.add(
            channel, start, start + timedelta(days=7), DigestState.POSTED, NOW,
            number=2, title="200802 Papers", day=date(2020, 8, 2), intro="",
        )  # fmt: skip
        assert number is not None
        await tx.takes.freeze(channel, NOW, number)
        await tx.entries.freeze(channel, NOW, number)
        await tx.digests.posted(number, NOW + timedelta(hours=1))


async def test_each_digest_is_published_once(store: Store, remote: Path) -> None:
    channel = await a_club(store)
    await posted(store, 1)
    report = await publisher(store, remote).run_due()
    assert report is not None
    assert report.message.splitlines() == [
        "Digest 200726: 2 papers, 3 takes", "", "- SliceOut: O(n²)", "- MEMO <script>",
    ]  # fmt: skip
    assert await publisher(store, remote).run_due() is None
    await one_more_digest(store, channel.id)
    assert await publisher(store, remote).run_due() is not None
    assert subjects(remote) == [
        "Digest 200802: 2 papers, 2 takes",
        "Digest 200726: 2 papers, 3 takes",
    ]
    files = git(remote, "ls-tree", "-r", "--name-only", "main").splitlines()
    assert {"index.html", "digests/200802.html", ".nojekyll"} <= set(files)
    assert any("markdown/" in path and "200802" in path for path in files)


async def test_what_others_keep_there_stays(store: Store, remote: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    git(None, "clone", "-q", str(remote), str(work))
    (work / "CNAME").write_text("club.example\n")
    (work / "papers").symlink_to(tmp_path)
    git(work, "add", "-A")
    git(work, "-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qm", "Ours")
    git(work, "push", "-q", "origin", "HEAD:main")
    await a_club(store)
    await publisher(store, remote).publish()
    git(work, "pull", "-q", "origin", "main")
    assert (work / "CNAME").read_text() == "club.example\n"
    assert (work / "papers").is_symlink()  # and nothing was written through it
    assert not (tmp_path / "2007.10909.html").exists()
    assert (work / "index.html").exists()


@pytest.fixture
async def every_step(
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Callable[[int, bool], list[str]]]:
    """Kill at the so-manieth of git's commands, before or after it is done."""
    real = Remote._git

    def kill_at(place: int, after: bool) -> list[str]:
        done: list[str] = []

        async def run(self: Remote, folder: Path | None, *words: str) -> tuple[int, str, str]:
            done.append(words[0])
            last = len(done) == place
            if last and not after:
                raise Killed
            answer = await real(self, folder, *words)
            if last:
                raise Killed
            return answer

        monkeypatch.setattr(Remote, "_git", run)
        return done

    yield kill_at
    monkeypatch.undo()


@pytest.mark.parametrize("after", [False, True])
async def test_a_kill_at_any_step_loses_and_doubles_nothing(
    store: Store, tmp_path: Path, every_step: Callable[[int, bool], list[str]], after: bool
) -> None:
    await a_club(store)
    await posted(store, 1)
    place, killed = 0, True
    while killed:
        place += 1
        remote = tmp_path / f"remote{place}"
        git(None, "init", "-q", "--bare", "-b", "main", str(remote))
        every_step(place, after)
        try:
            await publisher(store, remote).run_due()
            killed = False
        except Killed:
            pass
        every_step(0, after)
        await publisher(store, remote).run_due()
        assert subjects(remote) == ["Digest 200726: 2 papers, 3 takes"], place
    assert place >= 8


async def test_two_at_once_push_once(store: Store, remote: Path) -> None:
    await a_club(store)
    both = await asyncio.gather(
        publisher(store, remote).publish(),
        publisher(store, remote).publish(),
        return_exceptions=True,
    )
    assert any(not isinstance(one, BaseException) for one in both)
    await publisher(store, remote).publish()
    assert subjects(remote) == ["Digest 200726: 2 papers, 3 takes"]


async def test_a_remote_that_is_away_is_tried_again(store: Store, tmp_path: Path) -> None:
    await a_club(store)
    remote = tmp_path / "later"
    for minutes, tried in ((0, 1), (0, 1), (1, 2), (2, 2), (3, 3)):
        now = NOW + timedelta(minutes=minutes)
        assert await publisher(store, remote, now).run_due() is None
        async with store.read() as tx:
            known = await tx.publications.of(f"file://{remote}")
        assert known is not None
        assert known.tries == tried, minutes
    assert "does not appear to be a git repository" in (known.trouble or "")
    config = ArchiveConfig(publish=f"file://{remote}")
    assert "ls-remote" in str(await doctor_publish.examine(config, known, 5))
    git(None, "init", "-q", "--bare", "-b", "main", str(remote))
    finding = await doctor_publish.examine(config, known, 5)
    assert (finding.well, "then failed" in finding.found) == (False, True)
    assert await publisher(store, remote, NOW + timedelta(hours=1)).run_due() is not None
    async with store.read() as tx:
        finding = await doctor_publish.examine(
            config, await tx.publications.of(f"file://{remote}"), 5
        )
    assert str(finding).startswith(
        f"ok    publishing: file://{remote}, branch main: last published"
    )


async def test_a_branch_of_its_own(store: Store, remote: Path) -> None:
    await a_club(store)
    await publisher(store, remote, branch="gh-pages").publish()
    assert git(remote, "for-each-ref", "--format=%(refname)").split() == ["refs/heads/gh-pages"]


async def test_a_folder_is_written_to(store: Store, tmp_path: Path) -> None:
    await a_club(store)
    folder = tmp_path / "www"
    report = await publisher(store, str(folder)).run_due()
    assert report is not None
    assert report.message.startswith("Digest 200726: ")
    assert (folder / "index.html").exists()
    assert (folder / "markdown").is_dir()
    finding = await doctor_publish.examine(ArchiveConfig(publish=str(folder)), None, 5)
    assert finding.well


async def test_no_secret_is_told_and_no_question_asked(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token goes to git in its environment, our other secrets not at all."""
    monkeypatch.setenv("DISCORD_TOKEN", "discord-secret")
    monkeypatch.setenv("PAPERTAKES_DATABASE__URL", "sqlite:///x")
    remote = Remote(parse_target("https://127.0.0.1:9/x.git"), token="hunter2hunter2")
    with pytest.raises(PublishFailed) as refused:
        await remote.find()
    assert "hunter2" not in str(refused.value)
    environment = remote._environment()
    assert "discord-secret" not in " ".join(environment.values())
    assert not [name for name in environment if name.startswith("PAPERTAKES_")]
    assert environment["GIT_TERMINAL_PROMPT"] == "0"
    assert environment["GIT_ALLOW_PROTOCOL"] == "https"
    assert "BatchMode=yes" in environment["GIT_SSH_COMMAND"]
    there = Remote(parse_target("ssh://git@127.0.0.1:9/x.git"), token="hunter2hunter2")
    assert not [one for one in there._environment().values() if "Basic" in one]
    assert remote._plain(f"fatal: said {remote._credentials()} and hunter2hunter2") == (
        "said [secret] and [secret]"
    )


async def test_the_bot_publishes_after_a_digest(bot: Bot, ada: Person, remote: Path) -> None:
    await bot.stop()
    archive = ArchiveConfig(publish=f"file://{remote}", title="Our club")
    bot.settings = bot.settings.model_copy(update={"archive": archive})
    await bot.start()
    await bot.app.tick()
    assert len(subjects(remote)) == 1
    await ada.slash("/take", paper="2007.10909", text="channel $n$ slicing")
    await bot.app.tick()
    assert len(subjects(remote)) == 1  # only a digest is a reason
    await ada.slash("/digest post")
    await bot.settle()
    await bot.app.tick()
    await bot.app.tick()
    assert [subject for subject in subjects(remote) if subject.startswith("Digest ")] == (
        [f"Digest {bot.clock.now:%y%m%d}: 1 paper, 1 take"]
    )
    assert len(subjects(remote)) == 2


async def test_a_site_that_is_watched_follows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'watched.db'}"
    settings = Settings(database=DatabaseConfig(url=url))
    store = Store(url)
    await upgrade(store)
    await a_club(store)
    written: list[list[str]] = []
    seen = asyncio.Event()

    def told(done: list[ExportReport]) -> None:
        if touched := [path for one in done for path in one.written.touched]:
            written.append(touched)
            seen.set()

    work = watch_site(settings, tmp_path / "out", None, url=None, told=told, pause=0.02)
    watching = asyncio.create_task(work)
    async with asyncio.timeout(30):
        await seen.wait()
        seen.clear()
        async with store.begin() as tx:
            await tx.takes.edit(1, "Another thought.", NOW)
        await seen.wait()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await store.close()
    assert "index.html" in written[0]
    assert "papers/2007.10909.html" in written[1]
    assert "tags.html" in written[1]
    assert "members.html" not in written[1]
