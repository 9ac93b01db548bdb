"""The components of messages, first and second version. Source: Discord's component reference."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.sandbox import controls, limits
from bot.sandbox.errors import Json
from bot.sandbox.form import Fields

ROW, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 1, 9, 10, 11, 12, 13, 14, 17
_TOP_V2 = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER})
_IN_CONTAINER = _TOP_V2 - {CONTAINER}


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, parents before children, an accessory after its section's texts."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        for single in ("accessory", "component"):
            if single in component:
                yield from walk([component[single]])


def texts(components: list[Json]) -> list[str]:
    """What the text displays say, in order."""
    return [c["content"] for c in walk(components) if c["type"] == TEXT]


def number(components: list[Json]) -> list[Json]:
    """Gives ids to the components that brought none, counting from 1 in the order of `walk`."""
    taken = {c["id"] for c in walk(components) if c.get("id")}
    following = 1
    for component in walk(components):
        if not component.get("id"):
            while following in taken:
                following += 1
            component["id"] = following
            following += 1
    return components


def read(body: Fields, *, v2: bool, files: dict[str, str], key: str = "components") -> list[Json]:
    """The components of a message body; what is wrong goes to the body's errors.

    files: names of the message's attachments and their URLs, for `attachment://` references.
    """
    reader = _Reader(v2, files)
    most = limits.COMPONENTS if v2 else 5
    top = _TOP_V2 if v2 else frozenset({ROW})
    kept = [reader.one(item, top) for item in body.objects(key, most=most)]
    count = sum(1 for _ in walk(kept))
    if v2 and count > limits.COMPONENTS:
        message = f"The total number of components cannot exceed {limits.COMPONENTS}"
        body.wrong(key, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
    if sum(len(text) for text in texts(kept)) > limits.COMPONENT_TEXT:
        message = "Total size of displayable text in components exceeds maximum size of 4000"
        body.wrong(key, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)
    return number(kept)


@dataclass(slots=True)
class _Reader:
    v2: bool
    files: dict[str, str]
    seen: set[str] = field(default_factory=set)

    def one(self, item: Fields, allowed: frozenset[int]) -> Json:
        kind = controls.kind_of(item)
        if kind not in allowed:
            if kind:
                listed = ", ".join(str(choice) for choice in sorted(allowed))
                message = f'Value of field "type" must be one of ({listed},).'
                item.wrong("type", "UNION_TYPE_CHOICES", message)
            return {"type": 0}
        data = controls.base(item, kind)
        if kind == ROW:
            return data | {"components": self.row(item)}
        if kind == SECTION:
            return data | self.section(item)
        if kind == TEXT:
            return data | {"content": self.text(item)}
        if kind == GALLERY:
            entries = item.objects("items", least=1, most=10, required=True)
            return data | {"items": [self.media_item(entry) for entry in entries]}
        if kind == FILE:
            return data | {"file": self.media(item, "file"), "spoiler": item.flag("spoiler")}
        if kind == SEPARATOR:
            spacing = item.number("spacing", choices=(1, 2)) or 1
            return data | {"divider": item.flag("divider", True), "spacing": spacing}
        return data | self.container(item)

    def container(self, item: Fields) -> Json:
        inner = item.objects("components", least=1, most=limits.COMPONENTS, required=True)
        return {
            "accent_color": item.number("accent_color", least=0, most=0xFFFFFF),
            "spoiler": item.flag("spoiler"),
            "components": [self.one(child, _IN_CONTAINER) for child in inner],
        }

    def row(self, item: Fields) -> list[Json]:
        kept: list[Json] = []
        for child in item.objects("components", least=1, most=5, required=True):
            kind = controls.kind_of(child)
            if kind == controls.BUTTON:
                kept.append(controls.button(child, self.seen))
            elif kind in controls.SELECTS:
                kept.append(controls.select(child, self.seen, kind))
            elif kind:
                message = 'Value of field "type" must be one of (2, 3, 5, 6, 7, 8).'
                child.wrong("type", "UNION_TYPE_CHOICES", message)
        if len(kept) > 1 and any(c["type"] in controls.SELECTS for c in kept):
            message = "Component layout width exceeds maximum width of 5"
            item.wrong("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)
        return kept

    def section(self, item: Fields) -> Json:
        inner = item.objects("components", least=1, most=3, required=True)
        data: Json = {"components": [self.one(child, frozenset({TEXT})) for child in inner]}
        accessory = item.child("accessory")
        if accessory is None:
            item.wrong("accessory", "BASE_TYPE_REQUIRED", "This field is required")
            return data
        kind = controls.kind_of(accessory)
        if kind == controls.BUTTON:
            data["accessory"] = controls.button(accessory, self.seen)
        elif kind == THUMBNAIL:
            data["accessory"] = controls.base(accessory, THUMBNAIL) | self.media_item(accessory)
        else:
            message = 'Value of field "type" must be one of (2, 11).'
            accessory.wrong("type", "UNION_TYPE_CHOICES", message)
        return data

    def text(self, item: Fields) -> str:
        content = item.text("content", least=1, most=limits.COMPONENT_TEXT, required=True)
        return content or ""

    def media_item(self, item: Fields) -> Json:
        return {
            "media": self.media(item, "media"),
            "description": item.text("description", most=1024),
            "spoiler": item.flag("spoiler"),
        }

    def media(self, item: Fields, key: str) -> Json:
        media = item.child(key)
        if media is None:
            item.wrong(key, "BASE_TYPE_REQUIRED", "This field is required")
            return {"url": ""}
        url = media.url("url", schemes=("http", "https", "attachment")) or ""
        name = url.removeprefix("attachment://")
        if name != url:
            if name not in self.files:
                message = "The referenced attachment was not found"
                media.wrong("url", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", message)
            url = self.files.get(name, "")
        return {"url": url, "proxy_url": url, "content_type": "application/octet-stream"}
