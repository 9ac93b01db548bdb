"""A paper in a few of its abstract's own sentences."""

from bot.text.summary.choose import summary

__all__ = ["summary"]
