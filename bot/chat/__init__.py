"""Discord: the room that knows its library, beside the commands."""
