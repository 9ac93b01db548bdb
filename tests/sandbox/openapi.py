"""Request bodies checked against Discord's OpenAPI document (3.1, so its schemas are JSON Schema
2020-12).
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DOCUMENT = Path(__file__).parents[1] / "data" / "discord" / "openapi.json"
_NAME = "urn:discord"
_PARAMETER = re.compile(r"\{\w+\}")


@cache
def _document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return loaded


@cache
def _paths() -> dict[str, str]:
    """The document's path templates, by what is left when their parameters have no names."""
    return {_PARAMETER.sub("{}", path): path for path in _document()["paths"]}


@cache
def _registry(*, numeric_ids: bool) -> Registry[Any]:
    """`numeric_ids`: an id may be a number too.

    The document wants strings; Discord's own examples send the numbers of uploads as numbers, and
    so does discord.py.
    """
    document = _document()
    if numeric_ids:
        schemas = document["components"]["schemas"]
        loose = schemas["SnowflakeType"] | {"type": ["string", "integer"]}
        components = document["components"] | {"schemas": schemas | {"SnowflakeType": loose}}
        document = document | {"components": components}
    resource = Resource.from_contents(document, default_specification=DRAFT202012)
    return Registry().with_resource(_NAME, resource)


@cache
def validator(method: str, template: str) -> Draft202012Validator | None:
    """What judges the bodies of a route, made at its first use; None where the document asks for
    no body.
    """
    path = _paths().get(_PARAMETER.sub("{}", template))
    if path is None:
        return None
    operation = _document()["paths"][path].get(method.lower(), {})
    if "application/json" not in operation.get("requestBody", {}).get("content", {}):
        return None
    place = path.replace("~", "~0").replace("/", "~1")
    pointer = f"/paths/{place}/{method.lower()}/requestBody/content/application~1json/schema"
    quoted = pointer.replace("{", "%7B").replace("}", "%7D").replace("@", "%40")
    return Draft202012Validator({"$ref": f"{_NAME}#{quoted}"}, registry=_registry(numeric_ids=True))


def check(method: str, template: str, body: Any) -> list[str]:
    """What is wrong with a body, one line each; empty where nothing is. For
    `Sandbox(validator=check)`.
    """
    if validator(method, template) is None:
        return []
    return list(_faults(method, template, json.dumps(body)))


@cache
def _faults(method: str, template: str, written: str) -> list[str]:
    """Kept for each body: all the bots of a run register the same commands, and to judge those
    takes a second.
    """
    judge = validator(method, template)
    assert judge is not None
    errors: list[ValidationError] = list(judge.iter_errors(json.loads(written)))
    if not errors:
        return []
    worst = best_match(errors)
    shown = worst or errors[0]
    return [f"{shown.json_path}: {shown.message[:300]}"]


@cache
def _answer_validator(method: str, path: str, status: int) -> Draft202012Validator | None:
    responses = _document()["paths"][path].get(method.lower(), {}).get("responses", {})
    if "application/json" not in responses.get(str(status), {}).get("content", {}):
        return None
    place = path.replace("~", "~0").replace("/", "~1")
    pointer = f"/paths/{place}/{method.lower()}/responses/{status}/content/application~1json/schema"
    quoted = pointer.replace("{", "%7B").replace("}", "%7D").replace("@", "%40")
    return Draft202012Validator(
        {"$ref": f"{_NAME}#{quoted}"}, registry=_registry(numeric_ids=False)
    )


def check_answer(method: str, path: str, status: int, body: Any) -> list[str]:
    """What is wrong with an answer to a concrete path such as `/channels/123/messages`, a line
    each.
    """
    for template, judged in _paths().items():
        pattern = re.escape(template).replace(r"\{\}", r"[^/]+")
        if re.fullmatch(pattern, path) and method.lower() in _document()["paths"][judged]:
            judge = _answer_validator(method, judged, status)
            errors = list(judge.iter_errors(body)) if judge is not None else []
            worst = best_match(errors)
            return [f"{worst.json_path}: {worst.message[:300]}"] if worst else []
    return []
