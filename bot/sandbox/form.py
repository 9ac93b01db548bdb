"""Reading a JSON body field by field, the way Discord's form validation words its complaints."""

from collections.abc import Collection, Iterator
from typing import Any

from bot.sandbox.errors import FormErrors, Json, Path


class Fields:
    """One JSON object of a body: each reader returns a value or notes what is wrong and returns
    None.
    """

    def __init__(self, data: Any, errors: FormErrors, path: Path = ()) -> None:
        self.errors = errors
        self.path = path
        self.data: Json = data if isinstance(data, dict) else {}
        self.valid = isinstance(data, dict)
        if not self.valid:
            errors.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")

    def wrong(self, key: str | int, code: str, message: str) -> None:
        self.errors.add((*self.path, key), code, message)

    def has(self, key: str) -> bool:
        return key in self.data

    def _get(self, key: str, required: bool) -> Any:
        value = self.data.get(key)
        if value is None and required:
            self.wrong(key, "BASE_TYPE_REQUIRED", "This field is required")
        return value

    def text(
        self, key: str, *, least: int = 0, most: int | None = None, required: bool = False
    ) -> str | None:
        """A string of `least` to `most` characters (code points)."""
        value = self._get(key, required)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            self.wrong(key, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
            return None
        self.length(key, value, least, most)
        return value

    def length(self, key: str, value: str, least: int, most: int | None) -> None:
        size = len(value)
        if most is not None and least > 0 and not least <= size <= most:
            message = f"Must be between {least} and {most} in length."
            self.wrong(key, "BASE_TYPE_BAD_LENGTH", message)
        elif most is not None and size > most:
            self.wrong(key, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        elif size < least:
            self.wrong(key, "BASE_TYPE_MIN_LENGTH", f"Must be {least} or more in length.")

    def number(
        self,
        key: str,
        *,
        least: int | None = None,
        most: int | None = None,
        required: bool = False,
        choices: Collection[int] | None = None,
    ) -> int | None:
        """An integer within bounds, or one of `choices`."""
        value = self._get(key, required)
        if value is None:
            return None
        if isinstance(value, str) and value.lstrip("-").isdigit():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return None
        if choices is not None and value not in choices:
            listed = ", ".join(str(choice) for choice in sorted(choices))
            self.wrong(key, "BASE_TYPE_CHOICES", f"Value must be one of {{{listed}}}.")
        if least is not None and value < least:
            message = f"int value should be greater than or equal to {least}."
            self.wrong(key, "NUMBER_TYPE_MIN", message)
        if most is not None and value > most:
            self.wrong(key, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.data.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(key, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
            return default
        return value

    def snowflake(self, key: str, *, required: bool = False) -> int | None:
        value = self._get(key, required)
        if value is None:
            return None
        if isinstance(value, bool) or not str(value).isdigit() or int(value) >= 1 << 63:
            self.wrong(key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
            return None
        return int(value)

    def items(
        self, key: str, *, least: int = 0, most: int | None = None, required: bool = False
    ) -> list[Any]:
        """A list of `least` to `most` items; empty when left out."""
        value = self._get(key, required)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        size = len(value)
        if most is not None and least > 0 and not least <= size <= most:
            message = f"Must be between {least} and {most} in length."
            self.wrong(key, "BASE_TYPE_BAD_LENGTH", message)
        elif most is not None and size > most:
            self.wrong(key, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        return value

    def objects(
        self, key: str, *, least: int = 0, most: int | None = None, required: bool = False
    ) -> Iterator["Fields"]:
        """The list's objects, each with its own path."""
        for index, item in enumerate(self.items(key, least=least, most=most, required=required)):
            yield Fields(item, self.errors, (*self.path, key, index))

    def snowflakes(self, key: str, *, most: int | None = None) -> list[int]:
        """A list of ids."""
        kept: list[int] = []
        for index, value in enumerate(self.items(key, most=most)):
            if isinstance(value, bool) or not str(value).isdigit():
                message = f'Value "{value}" is not snowflake.'
                self.errors.add((*self.path, key, index), "NUMBER_TYPE_COERCE", message)
            else:
                kept.append(int(value))
        return kept

    def child(self, key: str) -> "Fields | None":
        value = self.data.get(key)
        return None if value is None else Fields(value, self.errors, (*self.path, key))

    def url(self, key: str, *, schemes: tuple[str, ...], most: int = 2048) -> str | None:
        value = self.text(key, most=most)
        if value is not None and not value.startswith(tuple(f"{s}://" for s in schemes)):
            listed = ", ".join(f"'{scheme}'" for scheme in schemes)
            message = f'Scheme "{value.split(":")[0]}" is not supported. Scheme must be one of ({listed}).'  # noqa: E501
            self.wrong(key, "URL_TYPE_INVALID_SCHEME", message)
        return value
