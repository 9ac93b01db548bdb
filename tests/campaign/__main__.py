"""`python -m tests.campaign`: the bot killed, cut off, refused and frozen, again and again."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.campaign.faults import TRIALS
from tests.campaign.judge import Outcome
from tests.campaign.report import table
from tests.campaign.runner import Campaign, Run, planned
from tests.campaign.trial import Database
from tests.databases import LOOPBACK, Databases, postgresql_answers


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--runs", type=int, default=2, help="of each fault (default: 2)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fault", action="append", help="only this one; may be repeated")
    parser.add_argument("--jobs", type=int, default=6, help="runs at a time (default: 6)")
    parser.add_argument("--list", action="store_true", help="name the faults and end")
    parser.add_argument("--log", action="store_true", help="print what the bot said in bad runs")
    parser.add_argument("--times", action="store_true", help="print how long each run took")
    parser.add_argument(
        "--unsettled", action="store_true", help="with reconciling off, to see the campaign fail"
    )
    return parser.parse_args()


def main() -> int:
    """0 if all is well, 1 if a message was lost, doubled or astray, 2 for wrong usage."""
    asked = arguments()
    trials = [trial for trial in TRIALS if not asked.fault or trial.name in asked.fault]
    if asked.list:
        print("\n".join(trial.name for trial in TRIALS))
        return 0
    if not trials:
        print(f"no such fault: {', '.join(asked.fault)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        databases = {Database.SQLITE: Databases(folder, None)}
        if postgresql_answers():
            databases[Database.POSTGRESQL] = Databases(folder, LOOPBACK)
        else:
            print("no PostgreSQL on loopback: its faults are left out", file=sys.stderr)
        for made in databases.values():
            made.prepare()

        def heard(run: Run, outcome: Outcome, log: str) -> None:
            if asked.times:
                print(f"{outcome.seconds:6.1f} s {run.name}", file=sys.stderr)
            if not outcome.good:
                print(f"BAD {run.name}: {outcome}", file=sys.stderr)
                if asked.log:
                    print(log, file=sys.stderr)

        campaign = Campaign(
            databases, folder, jobs=asked.jobs, settling=not asked.unsettled, heard=heard
        )
        runs = planned(trials, asked.runs, asked.seed, list(databases))
        try:
            asyncio.run(campaign.play(runs))
        finally:
            for made in databases.values():
                made.drop()
    print(table(campaign.tallies))
    return 0 if campaign.good else 1


if __name__ == "__main__":
    sys.exit(main())
