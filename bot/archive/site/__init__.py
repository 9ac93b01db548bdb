"""The archive as a static site: pages that need no server, no script and nothing from elsewhere."""

from bot.archive.site.build import SiteOptions, site

__all__ = ["SiteOptions", "site"]
