"""The archive published by itself after each digest: the site and the Markdown, in a folder or in a
Git repository elsewhere."""

from bot.archive.publish.publisher import Publisher, PublishOptions, PublishReport
from bot.archive.publish.remote import PublishFailed

__all__ = ["PublishFailed", "PublishOptions", "PublishReport", "Publisher"]
