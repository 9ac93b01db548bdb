"""OAI-PMH documents: envelope, headers, lists and errors, in the shape of the recorded answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from lxml import etree

from . import oai_formats, taxonomy
from .collection import Record
from .papers import Paper

_OAI: Final = "http://www.openarchives.org/OAI/2.0/"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_REPEATED: Final = (
    "verb",
    "identifier",
    "metadataPrefix",
    "from",
    "until",
    "set",
    "resumptionToken",
)

FORMATS: Final = {
    "oai_dc": ("http://www.openarchives.org/OAI/2.0/oai_dc.xsd", oai_formats.OAI_DC),
    "arXiv": ("http://arxiv.org/OAI/arXiv.xsd", oai_formats.ARXIV),
    "arXivOld": ("http://arxiv.org/OAI/arXivOld.xsd", oai_formats.ARXIV_OLD),
    "arXivRaw": ("http://arxiv.org/OAI/arXivRaw.xsd", oai_formats.ARXIV_RAW),
}
_ERRORS: Final = {
    "badArgument": "The request includes illegal arguments, is missing required arguments, "
    "includes a repeated argument, or values for arguments have an illegal syntax.",
    "badVerb": "Value of the verb argument is not a legal OAI-PMH verb, the verb argument is "
    "missing, or the verb argument is repeated.",
    "badResumptionToken": "The value of the resumptionToken argument is invalid or expired.",
    "cannotDisseminateFormat": "The metadata format identified by the value given for the "
    "metadataPrefix argument is not supported by the item or by the repository.",
    "idDoesNotExist": "The value of the identifier argument is unknown or illegal in this "
    "repository.",
    "noRecordsMatch": "The combination of the values of the from, until, set and metadataPrefix "
    "arguments results in an empty list.",
}
_IDENTIFY: Final = {
    "repositoryName": "arXiv",
    "baseURL": "https://arxiv.org/oai",
    "protocolVersion": "2.0",
    "adminEmail": "help@arxiv.org",
    "earliestDatestamp": "2007-05-23",
    "deletedRecord": "persistent",
    "granularity": "YYYY-MM-DD",
}


def sets_of(paper: Paper, *, aliases: bool, above: bool = False) -> list[str]:
    """The sets of a paper; with `aliases` those by the other names too, with `above` groups and
    archives.
    """
    found: list[str] = []
    for raw in paper.categories:
        category = taxonomy.SUBSUMED.get(raw, raw)
        found.append(taxonomy.set_spec(category))
        if aliases and (twin := taxonomy.twin(category)):
            found.append(taxonomy.set_spec(twin))
    if above:
        found += [":".join(spec.split(":")[:level]) for spec in found for level in (1, 2)]
    return list(dict.fromkeys(found))


class Writer:
    """Makes the documents for one request, at one moment."""

    def __init__(self, base: str, now: datetime) -> None:
        self._base, self._now = base, now.astimezone(UTC)

    def identify(self) -> bytes:
        """The answer to Identify."""
        root, element = self._open({"verb": "Identify"}, "Identify")
        for tag, text in _IDENTIFY.items():
            _text(element, tag, text)
        return _bytes(root)

    def formats(self, arguments: Mapping[str, str]) -> bytes:
        """The answer to ListMetadataFormats."""
        root, element = self._open(arguments, "ListMetadataFormats")
        for prefix, (schema, space) in FORMATS.items():
            entry = etree.SubElement(element, f"{{{_OAI}}}metadataFormat")
            _text(entry, "metadataPrefix", prefix)
            _text(entry, "schema", schema)
            _text(entry, "metadataNamespace", space)
        return _bytes(root)

    def sets(self) -> bytes:
        """The answer to ListSets."""
        root, element = self._open({"verb": "ListSets"}, "ListSets")
        for spec, name in taxonomy.sets().items():
            entry = etree.SubElement(element, f"{{{_OAI}}}set")
            _text(entry, "setSpec", spec)
            _text(entry, "setName", name)
        return _bytes(root)

    def record(self, record: Record, arguments: Mapping[str, str]) -> bytes:
        """The answer to GetRecord."""
        root, element = self._open(arguments, "GetRecord")
        _record(element, record, arguments["metadataPrefix"])
        return _bytes(root)

    def records(
        self,
        verb: str,
        prefix: str,
        page: Sequence[Record],
        arguments: Mapping[str, str],
        token: str | None,
    ) -> bytes:
        """A page of ListRecords or ListIdentifiers, with the token of the next page if there is
        one.
        """
        root, element = self._open(arguments, verb)
        for record in page:
            if verb == "ListRecords":
                _record(element, record, prefix)
            else:
                _header(element, record, aliases=False)
        if token:
            midnight = (self._now + timedelta(days=1)).strftime("%Y-%m-%dT00:00:00Z")
            _text(element, "resumptionToken", token).set("expires", midnight)
        return _bytes(root)

    def error(self, code: str, reason: str, arguments: Mapping[str, str]) -> bytes:
        """An error; the request is repeated only where the service could read it."""
        if code == "cannotDisseminateFormat":
            arguments = {k: v for k, v in arguments.items() if k != "metadataPrefix"}
        root = self._root(arguments)
        text = f"{_ERRORS[code]} Reason: {reason}" if reason else _ERRORS[code]
        _text(root, "error", text).set("code", code)
        return _bytes(root)

    def _open(
        self, arguments: Mapping[str, str], tag: str
    ) -> tuple[etree._Element, etree._Element]:
        root = self._root(arguments)
        return root, etree.SubElement(root, f"{{{_OAI}}}{tag}")

    def _root(self, arguments: Mapping[str, str]) -> etree._Element:
        root = etree.Element(
            f"{{{_OAI}}}OAI-PMH", nsmap=cast("dict[str, str]", {None: _OAI, "xsi": _XSI})
        )
        root.set(f"{{{_XSI}}}schemaLocation", f"{_OAI} {_OAI}OAI-PMH.xsd")
        _text(root, "responseDate", self._now.strftime("%Y-%m-%dT%H:%M:%SZ"))
        request = _text(root, "request", self._base)
        for name in _REPEATED:
            if name in arguments:
                request.set(name, arguments[name])
        return root


def _record(parent: etree._Element, record: Record, prefix: str) -> None:
    element = etree.SubElement(parent, f"{{{_OAI}}}record")
    _header(element, record, aliases=True)
    metadata = etree.SubElement(element, f"{{{_OAI}}}metadata")
    metadata.append(oai_formats.WRITERS[prefix](record.paper, record.datestamp))


def _header(parent: etree._Element, record: Record, *, aliases: bool) -> None:
    header = etree.SubElement(parent, f"{{{_OAI}}}header")
    _text(header, "identifier", f"oai:arXiv.org:{record.paper.id}")
    _text(header, "datestamp", record.datestamp.isoformat())
    for spec in sets_of(record.paper, aliases=aliases):
        _text(header, "setSpec", spec)


def _text(parent: etree._Element, tag: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_OAI}}}{tag}")
    element.text = text
    return element


def _bytes(root: etree._Element) -> bytes:
    etree.indent(root, space="    ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
