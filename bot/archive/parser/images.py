"""Images that stand beside notes: kept with the files, and given back."""

from __future__ import annotations

from typing import Final

from bot.archive.parser.file_names import file_stem
from bot.archive.parser.model import Block, FileKind, ParsedFile, Role

SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp")


def is_image(path: str) -> bool:
    """Whether a file is an image, by its name."""
    return path.lower().endswith(SUFFIXES)


def read_image(path: str, text: str) -> ParsedFile:
    """An image as a file in which there is nothing to be read; `text` is its bytes in base64."""
    blocks = (Block(0, len(text), Role.RULE),) if text else ()
    return ParsedFile(file_stem(path), text, FileKind.PAGE, None, file_stem(path), blocks)
