"""What programs read that go from page to page: `robots.txt` and the map of the site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bot.archive.site.addresses import absolute

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def robots(url: str | None) -> bytes:
    """All may be read; where the map is, if the site's address is known."""
    told = f"Sitemap: {url}sitemap.xml\n" if url else ""
    return f"User-agent: *\nAllow: /\n{told}".encode()


def sitemap(url: str, pages: Iterable[tuple[str, date | None]]) -> bytes:
    """The addresses of a site's pages with the days on which they were last written at.

    https://www.sitemaps.org/protocol.html
    """
    return _written("urlset", "url", ((absolute(url, page), day) for page, day in pages))


def sitemap_of_sites(url: str, folders: Iterable[str]) -> bytes:
    """Where the maps of the sites below `url` are."""
    maps = ((absolute(url, f"{folder}/sitemap.xml"), None) for folder in folders)
    return _written("sitemapindex", "sitemap", maps)


def _written(name: str, each: str, rows: Iterable[tuple[str, date | None]]) -> bytes:
    root = Element(name, {"xmlns": _NAMESPACE})
    for address, day in rows:
        row = SubElement(root, each)
        SubElement(row, "loc").text = address
        if day is not None:
            SubElement(row, "lastmod").text = day.isoformat()
    indent(root)
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"
