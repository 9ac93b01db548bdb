"""Text as the bytes of a file."""


def utf8(text: str) -> bytes:
    """In UTF-8; half a surrogate pair, which no file can hold, becomes a question mark."""
    return text.encode("utf-8", "replace")
