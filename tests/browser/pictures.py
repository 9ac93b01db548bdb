"""The documentation's pictures, taken by the tests that come to what they show."""

from __future__ import annotations

import os
from pathlib import Path

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PICTURES = bool(os.environ.get("PAPERTAKES_SCREENSHOTS"))
"""Whether they are to be taken anew."""
