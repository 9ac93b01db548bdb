"""A Git repository elsewhere, by git's own command: no shell, no question, no secret told.

Nothing is kept between two pushes: the newest state of the branch is fetched into an empty folder,
and what differs from it is committed and pushed. Whatever is killed on the way has changed nothing
or has pushed, and the next try sees which.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bot.model.remote import PROTOCOLS, PublishTarget

ANSWER: Final = 120.0
"""Seconds that a server may take for one of git's commands."""
_LONGEST: Final = 300
_SETTINGS: Final = (
    "core.hooksPath=/dev/null",
    "core.symlinks=false",
    "core.autocrlf=false",
    "commit.gpgSign=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "http.followRedirects=false",
    "advice.detachedHead=false",
)
"""A repository's links are plain files here, so that nothing is written through one."""
_OURS: Final = re.compile(r"(?i)^(?:discord_token|papertakes_.*|git_(?:dir|work_tree|index_file))$")
_HEAD: Final = re.compile(r"^ref: refs/heads/(?P<branch>\S+)\tHEAD$", re.MULTILINE)
_TOKEN_USER: Final = "x-access-token"  # noqa: S105
"""Any name will do beside a token, at GitHub, GitLab and Codeberg alike."""


class PublishFailed(Exception):
    """It could not be published; the message is one line without a secret. It is tried again."""


class Remote:
    """A branch of a repository elsewhere. `branch` empty: the one that the repository has."""

    def __init__(self, target: PublishTarget, branch: str = "", token: str = "") -> None:
        assert target.protocol in PROTOCOLS
        self.target = target
        self._branch = branch
        self._token = token

    async def find(self) -> tuple[str, str | None]:
        """The branch, and what it holds: a commit, or None where there is none yet.

        Raises PublishFailed.
        """
        told = await self._must(None, "ls-remote", "--symref", "--", self.target.where)
        head = _HEAD.search(told)
        branch = self._branch or (head["branch"] if head else "main")
        for line in told.splitlines():
            commit, _, name = line.partition("\t")
            if name == f"refs/heads/{branch}":
                return branch, commit
        return branch, None

    async def fetch(self, folder: Path) -> str:
        """Make `folder` a copy of the branch's newest state; its name. Raises PublishFailed."""
        branch, commit = await self.find()
        await self._must(folder, "init", "--quiet", "--template=", f"--initial-branch={branch}")
        if commit is not None:
            await self._must(
                folder, "fetch", "--quiet", "--depth=1", "--no-tags", "--",
                self.target.where, f"refs/heads/{branch}",
            )  # fmt: skip
            await self._must(folder, "reset", "--quiet", "--hard", "FETCH_HEAD")
        return branch

    async def push(self, folder: Path, branch: str, message: str) -> str | None:
        """Commit what has changed in `folder` and push it; the commit, None if nothing has.

        Raises PublishFailed, also where somebody else has pushed in the meantime.
        """
        await self._must(folder, "add", "--all", "--force")
        if not await self._must(folder, "status", "--porcelain"):
            return None
        identity: list[str] = []
        if (await self._git(folder, "config", "user.email"))[0] != 0:
            identity = ["-c", "user.name=Papertakes", "-c", "user.email=papertakes@localhost"]
        await self._must(folder, *identity, "commit", "--quiet", "--message", message)
        commit = await self._must(folder, "rev-parse", "HEAD")
        await self._must(
            folder, "push", "--quiet", "--", self.target.where, f"HEAD:refs/heads/{branch}"
        )
        return commit.strip()

    async def _must(self, folder: Path | None, *words: str) -> str:
        code, out, err = await self._git(folder, *words)
        if code != 0:
            command = next((word for word in words if not word.startswith(("-", "user."))), "")
            raise PublishFailed(f"git {command}: {self._plain(err or out)}")
        return out

    async def _git(self, folder: Path | None, *words: str) -> tuple[int, str, str]:
        settings = [part for one in _SETTINGS for part in ("-c", one)]
        try:
            process = await asyncio.create_subprocess_exec(
                "git", *settings, *words,
                cwd=folder,
                env=self._environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )  # fmt: skip
        except FileNotFoundError:
            raise PublishFailed("git is not installed") from None
        try:
            async with asyncio.timeout(ANSWER):
                out, err = await process.communicate()
        except TimeoutError:
            raise PublishFailed(f"no answer within {ANSWER:g} seconds") from None
        finally:
            # ssh and git-remote-https, too.
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        return process.returncode or 0, out.decode("utf-8", "replace"), _text(err)

    def _environment(self) -> Mapping[str, str]:
        """The host's, so that its ssh keys and proxies are used, without our own secrets."""
        given = {name: value for name, value in os.environ.items() if not _OURS.match(name)}
        ssh = given.get("GIT_SSH_COMMAND", "ssh")
        given |= {
            "LC_ALL": "C",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",
            "SSH_ASKPASS": "",
            "GIT_LFS_SKIP_SMUDGE": "1",
            "GIT_ALLOW_PROTOCOL": self.target.protocol or "",
            "GIT_SSH_COMMAND": f"{ssh} -oBatchMode=yes -oConnectTimeout=20",
        }
        if self._token and self.target.protocol == "https":
            # In the environment: a command's words are seen by all users of the machine.
            count = int(given.get("GIT_CONFIG_COUNT", "0"))
            given |= {
                "GIT_CONFIG_COUNT": str(count + 1),
                f"GIT_CONFIG_KEY_{count}": "http.extraHeader",
                f"GIT_CONFIG_VALUE_{count}": f"Authorization: Basic {self._credentials()}",
            }
        return given

    def _credentials(self) -> str:
        user = urlsplit(self.target.where).username or _TOKEN_USER
        return base64.b64encode(f"{user}:{self._token}".encode()).decode()

    def _plain(self, text: str) -> str:
        lines = [line for line in text.splitlines() if line.strip()]
        told = next((line for line in lines if line.startswith(("fatal:", "error:"))), "")
        line = " ".join((told or " ".join(lines) or "failed").split())
        if self._token:
            for secret in (self._token, self._credentials()):
                line = line.replace(secret, "[secret]")
        return line.removeprefix("fatal: ").removeprefix("error: ")[:_LONGEST]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
