"""The two kinds of error: what a person can be told, and what a host can mend."""

from __future__ import annotations

from typing import ClassVar


class PersonError(Exception):
    """Something that a person did or met, told privately in their language.

    `key` names the message in the catalogues of `bot/locale`; `params` fill its places.
    """

    key: ClassVar[str]

    def __init__(self, **params: object) -> None:
        super().__init__(self.key, params)
        self.params = params


class HostError(Exception):
    """Something that whoever runs the bot can mend. The message is a line, or one a fault: the key
    or file it is about, and what to do."""
