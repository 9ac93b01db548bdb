"""The archive as a static site: pages that need no server, no script and nothing from elsewhere."""

from bot.archive.site.addresses import BadSiteUrl, site_url
from bot.archive.site.build import SiteOptions, site

__all__ = ["BadSiteUrl", "SiteOptions", "site", "site_url"]
