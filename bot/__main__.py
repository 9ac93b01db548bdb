"""The `papertakes` command line: one short function a verb."""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
import os
import sys
from collections.abc import Coroutine, Mapping
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from bot.config import Settings, load
from bot.errors import HostError, PersonError
from bot.locale.errors import in_english

T = TypeVar("T")

app = typer.Typer(
    name="papertakes",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
db = typer.Typer(help="The database's schema.", no_args_is_help=True)
app.add_typer(db, name="db")
zotero = typer.Typer(help="A group's library in Zotero.", no_args_is_help=True)
app.add_typer(zotero, name="zotero")

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="A TOML file; else ./config.toml if there is one.")
]
ChannelOption = Annotated[
    str, typer.Option("--channel", help="A channel's Discord id, or an archive channel's name.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Failure(HostError):
    """A verb could not do its work; the message is one line."""


class DigestFormat(StrEnum):
    """How a digest is printed."""

    DISCORD = "discord"
    MARKDOWN = "markdown"


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"papertakes {importlib.metadata.version('papertakes')}")
        raise typer.Exit


@app.callback()
def papertakes(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_tell_version, help="Tell the version and end."
        ),
    ] = False,
) -> None:
    """The memory of a paper-reading club: arXiv papers, short takes, a weekly digest thread."""


@app.command()
def run(config: ConfigOption = None) -> None:
    """Run the bot on Discord until it is told to stop."""
    from bot.app import run_bot

    settings = _settings(config, quiet=False)
    if not settings.discord.token.get_secret_value():
        where = settings.file or "config.toml (copy config.example.toml)"
        raise Failure(f"{where}: discord.token is missing: set it there, or DISCORD_TOKEN")
    _do(run_bot(settings))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the page; 0 takes any free one.")] = 8000,
    database: Annotated[str | None, typer.Option(help="Keep the data in this database.")] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Start with nothing.")] = False,
    script: Annotated[
        Path | None, typer.Option(help="Play this script, print the channel, and end.")
    ] = None,
) -> None:
    """Bot and sandbox together: no account, token or network needed."""
    from bot.demo import ScriptError, StepFailed, run_demo

    try:
        _do(run_demo(port=port, database=database, empty=empty, script=script))
    except (ScriptError, StepFailed) as error:
        raise Failure(str(error)) from None


@app.command()
def doctor(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Check configuration, database, token, intents, permissions and arXiv."""
    from bot.logs.blotting import Blotter, secrets_of
    from bot.ops.doctor import examine

    settings = _settings(config)
    blotted = Blotter(secrets_of(settings))

    async def look() -> bool:
        well = True
        async for finding in examine(settings):
            line = json.dumps(asdict(finding), ensure_ascii=False) if as_json else str(finding)
            typer.echo(blotted(line))
            well = well and finding.well
        return well

    if not _do(look()):
        raise typer.Exit(1)


@app.command()
def digest(
    channel: ChannelOption,
    period: Annotated[
        str | None,
        typer.Option(help="A day of it: 2020-07-26, 2020-W30, last. Else the running one."),
    ] = None,
    format: Annotated[DigestFormat, typer.Option(help="How to print it.")] = DigestFormat.MARKDOWN,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Compile a channel's digest and print it; posts nothing."""
    from bot.verbs import digest_text

    text = _do(
        digest_text(_settings(config), channel, period, as_messages=format is DigestFormat.DISCORD)
    )
    data = {"channel": channel, "format": format.value, "text": text}
    _show(text, data, as_json=as_json, exact="\n" in text and not sys.stdout.isatty())


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A Markdown file, a folder or a ZIP.")],
    channel: ChannelOption,
    member: Annotated[str, typer.Option(help="Who wrote what names no writer.")] = "archive",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell, but keep nothing.")] = False,
    replies: Annotated[
        bool, typer.Option("--replies", help="Of a Discord export: replies to papers as takes.")
    ] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Take an archive of Markdown notes into a channel's list; twice adds nothing."""
    from bot.archive.importing.sources import BadArchive
    from bot.verbs import import_path

    work = import_path(
        _settings(config), path, channel, member=member, dry_run=dry_run, replies=replies
    )
    try:
        report = _do(work)
    except BadArchive as error:
        raise Failure(str(error)) from None
    _show(report.as_text(), report.as_data(), as_json=as_json)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write into.")],
    channel: Annotated[
        str | None, typer.Option("--channel", help="One channel; left out: all of them.")
    ] = None,
    format: Annotated[str, typer.Option(help="markdown, json, bibtex, ris, csl or site.")] = (
        "markdown"
    ),
    front_matter: Annotated[
        bool, typer.Option("--front-matter", help="YAML at the head of new notes.")
    ] = False,
    tidy: Annotated[
        bool, typer.Option("--tidy", help="Unix line ends, and one at each file's end.")
    ] = False,
    url: Annotated[
        str | None, typer.Option(help="Where the site will be read: https://…, for its feed.")
    ] = None,
    git: Annotated[bool, typer.Option("--git", help="Commit what changed.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Write the archive out: Markdown, JSON Lines, references, or a site."""
    from bot.archive.exporter import Format
    from bot.archive.formats.tree import TreeOptions
    from bot.archive.verbs import exported_data, exported_text, not_exported
    from bot.archive.writing import ExportFailed
    from bot.verbs import export_folder

    if format not in list(Format):
        raise typer.BadParameter(f"one of {', '.join(Format)}", param_hint="--format")
    if url is not None and format != Format.SITE:
        raise typer.BadParameter("only with --format site", param_hint="--url")
    _check_url(url)
    options = TreeOptions(front_matter=front_matter, tidy=tidy)
    work = export_folder(
        _settings(config), folder, channel, Format(format), options=options, url=url, git=git
    )
    try:
        done = _do(work)
    except ExportFailed as error:
        raise Failure(str(error)) from None
    told = exported_text(done)
    if told or as_json:
        _show(told, {"exported": exported_data(done)}, as_json=as_json)
    if refused := not_exported(done):
        raise Failure(refused)
    if any(one.failed for one in done):
        raise typer.Exit(1)


@app.command()
def site(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write into.")],
    channel: Annotated[
        str | None,
        typer.Option("--channel", help="One channel; left out: all of them below one page."),
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="Where it will be read: https://…; else archive.url.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Write it anew whenever something changes.")
    ] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Write the archive as a site: pages that need no server and no script."""
    from bot.archive.exporter import ExportReport, Format
    from bot.archive.formats.tree import TreeOptions
    from bot.archive.verbs import exported_data, exported_text, not_exported
    from bot.archive.writing import ExportFailed
    from bot.verbs import export_folder, watch_site

    def told(done: list[ExportReport]) -> None:
        _show(exported_text(done), {"exported": exported_data(done)}, as_json=as_json)
        if refused := not_exported(done):
            typer.echo(f"papertakes: {refused}", err=True)

    _check_url(url)
    settings = _settings(config)
    try:
        if watch:
            _do(watch_site(settings, folder, channel, url=url, told=told))
        done = _do(
            export_folder(
                settings, folder, channel, Format.SITE, options=TreeOptions(), url=url, git=False
            )
        )
    except ExportFailed as error:
        raise Failure(str(error)) from None
    told(done)
    if any(one.failed or one.refused for one in done):
        raise typer.Exit(1)


@app.command()
def publish(as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """Publish the archive now where archive.publish says, as after a digest."""
    from bot.archive.publish import PublishFailed
    from bot.verbs import publish_now

    settings = _settings(config)
    try:
        report = _do(publish_now(settings))
    except PublishFailed as error:
        raise Failure(f"{settings.archive.publish}: {error}") from None
    first = report.message.splitlines()[0]
    text = f"published: {first}" if report.changed else "all of it is there already"
    data = {"message": report.message, "commit": report.commit, "changed": report.changed}
    _show(f"{text} ({report.commit[:10]})" if report.commit else text, data, as_json=as_json)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words, phrases, tag: by: author: cat: …")],
    channel: Annotated[
        str | None, typer.Option("--channel", help="One channel; left out: all of them.")
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Find papers and takes by their words."""
    from bot.verbs import search_text

    text, hits = _do(search_text(_settings(config), query, channel))
    if not hits and not as_json:
        typer.echo("nothing found", err=True)
        return
    _show(text, {"query": query, "hits": hits}, as_json=as_json)


@app.command()
def related(
    reference: Annotated[str, typer.Argument(help="A paper of the channel: id, link or title.")],
    channel: ChannelOption,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many papers.")] = 10,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Find the papers of a channel around one of them, the nearest first."""
    from bot.verbs import related_rows

    rows = _do(related_rows(_settings(config), reference, channel, limit))
    text = "\n".join(f"{row['title']}\n{row['url']}\n{row['reason']}\n" for row in rows)
    _show(text or "nothing found", {"reference": reference, "related": rows}, as_json=as_json)


@app.command()
def summary(
    file: Annotated[
        typer.FileText,
        typer.Argument(help="JSON Lines with title and abstract; left out: standard input."),
    ] = "-",  # type: ignore[assignment]
    sentences: Annotated[int, typer.Option(min=1, help="At most so many a paper.")] = 3,
) -> None:
    """Add to each paper of a file a summary: a few of its abstract's own sentences."""
    from bot.papers.verbs import with_summaries

    try:
        for line in with_summaries(file, sentences):
            typer.echo(line)
    except UnicodeDecodeError:
        raise Failure(f"{file.name}: not UTF-8 text") from None


@app.command()
def picks(
    listings: Annotated[
        Path, typer.Option(help="What was announced: id, title, abstract, authors, day.")
    ],
    noted: Annotated[
        Path, typer.Option(help="What was noted: the same, with the day as known, not day.")
    ],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day.")],
    notes_at_most: Annotated[
        int | None, typer.Option(min=0, help="Learn from so many of the newest notes alone.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Rank past listings by what had been noted before, as the bot does for its channels.

    Files are JSON Lines, compressed if named .gz. Prints a line for each day of the listings: its
    ids, best first, those that were noted already last. With --json each line is an object:
    {"day": "2025-05-15", "ids": ["2505.01234", …]}.
    """
    from bot.picks.replay import read_papers, replayed

    days = replayed(
        read_papers(listings, "day"),
        read_papers(noted, "known"),
        first.date(),
        last.date(),
        notes_at_most,
    )
    for one in days:
        text = {"day": one.day.isoformat(), "ids": list(one.ids)}
        typer.echo(json.dumps(text) if as_json else f"{one.day} {' '.join(one.ids)}")


@app.command()
def mcp(
    channel: Annotated[
        str | None, typer.Option("--channel", help="Tell of this one alone; left out: of all.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Answer a program's questions over standard input and output (Model Context Protocol)."""
    from bot.mcp import MissingExtra, serve

    try:
        _do(serve(_settings(config), channel))
    except MissingExtra as error:
        raise Failure(str(error)) from None


@app.command()
def backup(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Write everything into one file, also while the bot is running."""
    from bot.verbs import backup_into

    counts = _do(backup_into(_settings(config), path))
    _show(_rows(f"written to {path}", counts), {"tables": counts}, as_json=as_json)


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A file written by backup.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Fill an empty database from a backup, be it SQLite or PostgreSQL."""
    from bot.verbs import restore_from

    counts = _do(restore_from(_settings(config), path))
    _show(_rows(f"restored from {path}", counts), {"tables": counts}, as_json=as_json)


def _rows(done: str, counts: Mapping[str, int]) -> str:
    kinds = ("channels", "papers", "takes", "digests")
    told = ", ".join(f"{counts.get(kind, 0)} {kind}" for kind in kinds)
    return f"{done}: {sum(counts.values())} rows, of them {told}"


@db.command()
def upgrade(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Bring the schema up to this version's (also done at each start)."""
    from bot.verbs import upgrade_database

    revision = _do(upgrade_database(_settings(config)))
    _show(f"at revision {revision}", {"revision": revision}, as_json=as_json)


@db.command()
def current(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Tell the schema's revision."""
    from bot.verbs import current_revision

    have, head = _do(current_revision(_settings(config)))
    text = f"at revision {have or 'none'}; this version wants {head}"
    _show(text, {"revision": have, "head": head}, as_json=as_json)


def _check_url(url: str | None) -> None:
    from bot.archive.site import BadSiteUrl, site_url

    try:
        if url is not None:
            site_url(url)
    except BadSiteUrl as error:
        raise typer.BadParameter(str(error), param_hint="--url") from None


@zotero.command()
def push(
    channel: ChannelOption,
    collection: Annotated[
        str | None, typer.Option(help="The collection's name; left out: the channel's.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell, but change nothing.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Bring a collection in step with a channel: papers, takes as notes, tags; one way."""
    from bot.verbs import push_to_zotero

    work = push_to_zotero(_settings(config), channel, collection=collection, dry_run=dry_run)
    report = _do(work)
    _show(report.as_text(), report.as_data(), as_json=as_json)


def _settings(config: Path | None, *, quiet: bool = True) -> Settings:
    """The settings, with logs set up; `quiet` for verbs whose output is their answer."""
    from bot.logs import configure
    from bot.logs.blotting import secrets_of

    settings = load(config, dict(os.environ))
    log = settings.log
    if quiet and log.level == "info":
        log = log.model_copy(update={"level": "warning"})
    configure(log, secrets_of(settings))
    return settings


def _do(work: Coroutine[Any, Any, T]) -> T:
    from bot.ops.memory import freeze_loaded

    freeze_loaded()
    return asyncio.run(work)


def _show(text: str, data: Mapping[str, Any], *, as_json: bool, exact: bool = False) -> None:
    """Print a verb's result; `exact`: without a last line end that it does not have."""
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False))
    else:
        typer.echo(text, nl=not exact)


def main() -> NoReturn:
    """Run a verb. Status 0: done; 1: a failure, a line for each thing wrong; 2: wrong usage."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.store import DatabaseAway

    try:
        app()
    except PersonError as error:
        _fail(in_english(error))
    except HostError as error:
        _fail(str(error))
    except DatabaseAway as error:
        _fail(f"database.url: {error}")
    except (SQLAlchemyError, OSError) as error:
        _fail(" ".join(f"{type(error).__name__}: {error}".split()))
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)


def _fail(lines: str) -> NoReturn:
    from bot.logs.blotting import Blotter, secrets_among

    for line in Blotter(secrets_among(os.environ))(lines).splitlines():
        typer.echo(f"papertakes: {line}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
