"""Embeds: what Discord takes and keeps of them. Source: Discord's documentation, "Embed limits"."""

from bot.sandbox import limits
from bot.sandbox.errors import Json
from bot.sandbox.form import Fields

_WEB = ("http", "https")
_MEDIA = ("http", "https", "attachment")


def read(body: Fields, key: str = "embeds") -> list[Json]:
    """The valid embeds of a body; what is wrong goes to its errors."""
    kept = [_read_one(item) for item in body.objects(key, most=limits.EMBEDS)]
    if sum(_size(embed) for embed in kept) > limits.EMBED_TEXT:
        message = "Embed size exceeds maximum size of 6000"
        body.wrong(key, "MAX_EMBED_SIZE_EXCEEDED", message)
    return kept


def _size(embed: Json) -> int:
    total = len(embed.get("title", "")) + len(embed.get("description", ""))
    total += len(embed.get("footer", {}).get("text", ""))
    total += len(embed.get("author", {}).get("name", ""))
    return total + sum(len(f["name"]) + len(f["value"]) for f in embed.get("fields", []))


def _strip(value: str | None) -> str | None:
    return value.strip() or None if value is not None else None


def _read_one(item: Fields) -> Json:
    embed: Json = {"type": "rich"}
    embed["title"] = _strip(item.text("title", most=256))
    embed["description"] = _strip(item.text("description", most=4096))
    embed["url"] = item.url("url", schemes=_WEB)
    embed["color"] = item.number("color", least=0, most=0xFFFFFF)
    embed["timestamp"] = item.text("timestamp", most=64)
    if footer := item.child("footer"):
        embed["footer"] = _without_none(
            {
                "text": footer.text("text", most=2048, required=True),
                "icon_url": footer.url("icon_url", schemes=_MEDIA),
            }
        )
    if author := item.child("author"):
        embed["author"] = _without_none(
            {
                "name": author.text("name", most=256, required=True),
                "url": author.url("url", schemes=_WEB),
                "icon_url": author.url("icon_url", schemes=_MEDIA),
            }
        )
    for key in ("image", "thumbnail"):
        if media := item.child(key):
            embed[key] = _without_none({"url": media.url("url", schemes=_MEDIA)})
    embed["fields"] = [_read_field(field) for field in item.objects("fields", most=25)] or None
    embed = _without_none(embed)
    if item.valid and len(embed) == 1:
        item.errors.add(item.path, "BASE_TYPE_REQUIRED", "This field is required")
    return embed


def _read_field(field: Fields) -> Json:
    name = field.text("name", least=1, most=256, required=True)
    value = field.text("value", least=1, most=1024, required=True)
    return {"name": name or "", "value": value or "", "inline": field.flag("inline")}


def _without_none(data: Json) -> Json:
    return {key: value for key, value in data.items() if value is not None}
