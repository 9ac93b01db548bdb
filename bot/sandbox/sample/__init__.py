"""The sample week and the sample papers: what the demo plays and what its loopback arXiv serves.

`week.toml` is a real weekly post told as a demo script, `papers.json` real arXiv metadata;
README.md says where they come from. Both are data only, reached by paths that work from a wheel
too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent

SAMPLE_WEEK: Final = _HERE / "week.toml"
"""The demo script of the sample week (26 July 2020, Asia/Seoul)."""

SAMPLE_PAPERS: Final = _HERE / "papers.json"
"""The papers of the loopback arXiv, as `bot.sandbox.arxiv.load_papers` reads them."""
