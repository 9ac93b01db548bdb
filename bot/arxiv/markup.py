"""XML as arXiv sends it: read strictly, so that half an answer is never taken for a whole one."""

from __future__ import annotations

import html
import re
from html.entities import html5

from lxml import etree

from bot.arxiv.errors import ArxivUnavailable

_ILLEGAL = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:[0-8]|1[124-9]|2[0-9]|3[01]|x0*(?:[0-8bcef]|1[0-9a-f]));",
    re.IGNORECASE,
)
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_OWN = (b"amp", b"lt", b"gt", b"quot", b"apos")


class Raw:
    """An element as it came, written out only if somebody asks."""

    def __init__(self, element: etree._Element) -> None:
        self._element = element

    def __str__(self) -> str:
        return etree.tostring(self._element, encoding="unicode", with_tail=False)


def parse(body: bytes, root: str) -> etree._Element:
    """The document's root element, which must be `root` (in Clark notation).

    Characters that XML forbids and names that only HTML knows are mended, everything else is
    taken strictly. Raises ArxivUnavailable if the document is cut off, or is another one, such
    as a page that says that there is trouble.
    """
    try:
        found = _parse(body)
    except etree.XMLSyntaxError:
        try:
            found = _parse(_NAMED.sub(_entity, _ILLEGAL.sub(b" ", body)))
        except etree.XMLSyntaxError as error:
            start = body[:200].lstrip().lower()
            kind = "HTML" if start.startswith((b"<!doctype html", b"<html")) else "truncated"
            raise ArxivUnavailable(f"{kind}: {error.msg}") from None
    if found.tag != root:
        raise ArxivUnavailable(f"not the expected document but <{etree.QName(found).localname}>")
    return found


def _parse(body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        # Half of a list's nodes are its indentation.
        remove_blank_text=True,
    )
    return etree.fromstring(body, parser=parser)


def _entity(match: re.Match[bytes]) -> bytes:
    name = match.group(1)
    if name in _OWN:
        return match.group(0)
    if f"{name.decode('ascii')};" in html5:
        return html.escape(html.unescape(match.group(0).decode("ascii"))).encode("utf-8")
    return b"&amp;" + match.group(0)[1:]
