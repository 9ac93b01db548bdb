"""What people paste for a query: an address of arXiv's lists, feeds and searches, of another search
engine, or text as it stands in one."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

import regex

from bot.model import taxonomy

_LAYERS: Final = 5
"""What is encoded may be so more than once."""
_INVISIBLE: Final = regex.compile(r"\p{Default_Ignorable_Code_Point}+")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|(?:[a-z]+\.)?arxiv\.org/\S+", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&(?:quot|amp|lt|gt|nbsp|#\d{1,6});")
_ENCODED: Final = re.compile(r"%(?:2[0268-9C]|3A|5B|5D|7C|[89A-F][0-9A-F])", re.IGNORECASE)
_ENCODED_BLANKS: Final = re.compile(r'\+(?:AND|OR|ANDNOT|NOT)\+|\w\+\w+:|\w"\+[\w(]|[\w)]\+"\w')
_QUOTED_WHOLE: Final = re.compile(r"[\"“']([^\"“”]*)[\"”']", re.DOTALL)
_INSIDE: Final = re.compile(r"\b(?:ti|abs|au|cat|co|jr|rn|id|all):|\s(?:AND|OR|ANDNOT)\s")
"""What stands in a query, and hardly twice in a phrase."""
_BLANK: Final = re.compile(r"\s")
_ALL_IN: Final = re.compile(r"\s*allin(title|abstract|text)\s*:(.*)", re.IGNORECASE | re.DOTALL)
_IN_BRACKETS: Final = re.compile(
    r"\b([a-z][a-z-]*)\.(?:\{([\w|,;/ -]+)\}|\[([\w|,;/ -]+)\]|\(([\w|,;/ -]+)\))", re.IGNORECASE
)
"""cs.{CL,LG}"""
_WITH_PARTICLE: Final = re.compile(
    r"(?<![\w.])([a-z-]+\.[a-z-]{2,17})(?:이나|와|과|이랑|랑|하고|의|을|를)(?=\s|$)", re.IGNORECASE
)
"""cs.CL과, as Korean joins it."""
_OF_FIELD: Final = re.compile(
    r"\b(ti|abs|title|abstract|cat|au|author|all)([:=])\[([^\[\]]*)\]", re.I
)
"""ti:[flow matching], whose brackets are parentheses here."""
_NAMED: Final = re.compile(r"(?<=\w)\s*\(([a-z-]+(?:\.[a-z-]+)?)\)", re.IGNORECASE)
"""Machine Learning (cs.LG), as a paper's page has it."""
_LIST: Final = re.compile(r"/(?:list|archive|year|rss|atom|catchup|corr)/([^/?#]+)", re.IGNORECASE)
_ARXIV: Final = re.compile(r"(?:^|\s)(?:site:)?arxiv(?=\s|$)", re.IGNORECASE)
_AUTHOR: Final = re.compile(r"/a/([a-z\-]+_[a-z])_\d+", re.IGNORECASE)
_SEARCHED: Final = {
    "title": "ti", "author": "au", "abstract": "abs", "comments": "co", "journal_ref": "jr",
    "report_num": "rn", "paper_id": "id", "cross_list_category": "cat", "all": "",
}  # fmt: skip
"""What arXiv's search form looks in."""
_CLASSES: Final = {
    "computer_science": "cs", "economics": "econ", "eess": "eess", "mathematics": "math",
    "physics": "physics", "q_biology": "q-bio", "q_finance": "q-fin", "statistics": "stat",
}  # fmt: skip
_OPERATORS: Final = {"AND": " AND ", "OR": " OR ", "NOT": " ANDNOT "}
_ASKED: Final = ("search_query", "query", "q", "as_q", "text", "term", "wd")


def unpacked(typed: str) -> str:
    """The query in what was pasted; anything else as it is.

    An address that names no query is given back.
    """
    for _ in range(_LAYERS):
        text = _unpacked(typed)
        if text == typed:
            break
        typed = text
    return typed


def _unpacked(typed: str) -> str:
    text = _INVISIBLE.sub("", typed).strip().strip("`").strip()
    text = html.unescape(text) if _ENTITY.search(text) else text
    if (quoted := _QUOTED_WHOLE.fullmatch(text)) and len(_INSIDE.findall(quoted[1])) > 1:
        text = quoted[1].strip()
    bare = text.removeprefix("<").removesuffix(">")
    if _ADDRESS.fullmatch(bare):
        return _of_address(bare) or bare
    if "=" in bare and bare.lstrip("?").startswith(("search_query=", "id_list=")):
        text = _of_parameters(dict(parse_qsl(bare.lstrip("?")))) or text
    encoded = _ENCODED.search(text)
    if not _BLANK.search(text) and (encoded or _ENCODED_BLANKS.search(text)):
        text = text.replace("+", " ")
    if encoded:
        text = unquote(text, errors="ignore")
    text = _OF_FIELD.sub(r"\1\2(\3)", _categories(text))
    if everywhere := _ALL_IN.fullmatch(text):
        field = {"title": "ti:", "abstract": "abs:", "text": ""}[everywhere[1].lower()]
        return f"{field}({everywhere[2].strip()})"
    return text


def _categories(text: str) -> str:
    """Categories by their names alone: `cs.{CL,LG}`, and `Machine Learning (cs.LG)`."""
    text = _IN_BRACKETS.sub(_each_category, text)
    text = _WITH_PARTICLE.sub(lambda one: one[1] if taxonomy.category(one[1]) else one[0], text)
    for found in reversed(list(_NAMED.finditer(text))):
        known = taxonomy.category(found[1])
        if known and text[: found.start()].casefold().endswith(known.name.casefold()):
            start = found.start() - len(known.name)
            text = f"{text[:start]}{known.id}{text[found.end() :]}"
    return text


def _each_category(match: re.Match[str]) -> str:
    subjects = re.split(r"[|,;/ ]+", (match[2] or match[3] or match[4]).strip())
    if not taxonomy.archive(match[1]):
        return match[0]
    return f"({' OR '.join(f'{match[1]}.{subject}' for subject in subjects)})"


def _of_address(address: str) -> str | None:
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:
        return None
    asked = dict(parse_qsl(parts.query))
    host = (parts.hostname or "").removeprefix("www.")
    if host != "arxiv.org" and not host.endswith(".arxiv.org"):
        words = _of_parameters(asked)  # of all of science or the web
        return _ARXIV.sub(" ", words).strip() if words else None
    if listed := _LIST.search(parts.path):
        return " OR ".join(f"cat:{name}" for name in re.split(r"[+,]", unquote(listed[1])))
    if author := _AUTHOR.search(parts.path):
        family, _, initial = author[1].rpartition("_")
        return f'au:"{family.replace("_", " ")}, {initial}"'
    if "terms-0-term" in asked:
        return _of_form(asked)
    found = _of_parameters(asked)
    within = re.fullmatch(r"/search/([a-z-]+)", parts.path)
    if found and within and within[1] != "advanced":
        return f"cat:{within[1]} AND ({found})"
    return found


def _of_parameters(asked: Mapping[str, str]) -> str | None:
    """The query among an address's parameters."""
    for name in _ASKED:
        if words := asked.get(name, "").strip():
            field = _SEARCHED.get(asked.get("searchtype", "all"), "")
            return f"{field}:({words})" if field else words
    if ids := asked.get("id_list"):
        return " OR ".join(f"id:{one.strip()}" for one in ids.split(",") if one.strip())
    return None


def _of_form(asked: Mapping[str, str]) -> str | None:
    """The query of arXiv's advanced search."""
    query = ""
    number = 0
    while (words := asked.get(f"terms-{number}-term")) is not None:
        field = _SEARCHED.get(asked.get(f"terms-{number}-field", "all"), "")
        term = f"{field}:({words})" if field else f"({words})"
        operator = _OPERATORS.get(asked.get(f"terms-{number}-operator", "AND"), " AND ")
        if words.strip():
            query += (operator if query else "") + term
        number += 1
    within = [name for key, name in _CLASSES.items() if f"classification-{key}" in asked]
    if (archive := asked.get("classification-physics_archives", "all")) != "all":
        within = [archive if name == "physics" else name for name in within]
    if query and within:
        return f"({' OR '.join(f'cat:{name}' for name in within)}) AND ({query})"
    return query or None
