"""An archive into a channel."""
