"""What a member asks for with a file, as it waits in the database; and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.isolation import FailedCount, RecordKind
from bot.model.channel import ChannelSettings, read_settings, write_settings
from bot.model.people import Member, Place


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file of that name, for a place; `settings` are those of a channel that is made for it."""

    name: str
    place: Place
    member: Member
    settings: ChannelSettings
    history: bool = False
    """It is no file of an archive but what was found in a channel's past."""

    def as_data(self) -> Mapping[str, Any]:
        return {
            "name": self.name,
            "place": asdict(self.place),
            "member": {"id": self.member.id, "name": self.member.name},
            "settings": write_settings(self.settings),
            "history": self.history,
        }


def asked(data: Mapping[str, Any]) -> ImportRequest:
    """What `as_data` gave."""
    return ImportRequest(
        data["name"],
        Place(**data["place"]),
        Member(**data["member"]),
        read_settings(data["settings"]),
        bool(data.get("history")),
    )


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What came of an import, for the member: the counts and the whole report, or why there was
    none: `refused` tells what is wrong with the file, `failed` is the id of a line in the log."""

    files: int = 0
    imported: int = 0
    unchanged: int = 0
    skipped: int = 0
    unread: int = 0
    """Files that this program could not make anything of; the report names them."""
    entries: int = 0
    takes: int = 0
    digests: int = 0
    named: int = 0
    """How often notes name a paper, new here or not."""
    text: str = ""
    refused: str | None = None
    failed: str | None = None


def told(outcome: ImportOutcome, failed: Mapping[RecordKind, FailedCount]) -> Mapping[str, Any]:
    """What the bot reads: the outcome, and what failed in the worker by itself."""
    return {
        "outcome": asdict(outcome),
        "failed": {
            kind.value: [seen.count, seen.id, seen.at.isoformat()] for kind, seen in failed.items()
        },
    }


def heard(said: Mapping[str, Any]) -> tuple[ImportOutcome, Mapping[RecordKind, FailedCount]]:
    """What `told` was given."""
    failed = {
        RecordKind(kind): FailedCount(count, number, datetime.fromisoformat(at))
        for kind, (count, number, at) in said["failed"].items()
    }
    return ImportOutcome(**said["outcome"]), failed
