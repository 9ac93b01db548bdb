"""The application itself, its commands, and where the gateway is."""

from bot.sandbox import payloads
from bot.sandbox.errors import Json, refuse
from bot.sandbox.rest.route import Answer, Call, route

_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
CONTENT_LIMITED = 1 << 19


def application(call: Call) -> Json:
    bot = call.actor
    return {
        "id": str(bot.id),
        "name": bot.display_name,
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": CONTENT_LIMITED if call.core.message_content else 0,
        "flags_new": str(CONTENT_LIMITED if call.core.message_content else 0),
        "hook": True,
        "owner": payloads.user(bot) | {"bot": False},
        "team": None,
        "rpc_origins": [],
        "tags": [],
        "bot": payloads.user(bot),
        "approximate_guild_count": len(call.core.world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "eligible_oauth2_scopes": [],
        "explicit_content_filter": 0,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "integration_types_config": {"0": {}},
    }


@route("GET", "/oauth2/applications/@me")
@route("GET", "/applications/@me")
def get_application(call: Call) -> Json:
    return application(call)


@route("PATCH", "/applications/@me")
def edit_application(call: Call) -> Json:
    return application(call)


@route("GET", "/applications/{application_id}/emojis")
def list_emojis(call: Call) -> Json:
    _scope(call)
    return {"items": []}


def _scope(call: Call) -> int | None:
    """None for global commands, else the guild. Raises 10002, 50001."""
    if call.id("application_id") != call.actor.id:
        raise refuse(10002)
    if "guild_id" not in call.path:
        return None
    guild = call.core.world.guilds.get(call.id("guild_id"))
    if guild is None or call.actor.id not in guild.members:
        raise refuse(50001)
    return guild.id


def _shown(call: Call, command: Json) -> Json:
    """Lists leave the languages out unless they are asked for."""
    if call.flag("with_localizations"):
        return command
    return _unlocalised(command)


def _unlocalised(part: Json) -> Json:
    shown = {k: v for k, v in part.items() if not k.endswith("_localizations")}
    for key in ("options", "choices"):
        if key in shown:
            shown[key] = [_unlocalised(inner) for inner in shown[key]]
    return shown


@route("GET", _GUILD)
@route("GET", _GLOBAL)
def list_commands(call: Call) -> list[Json]:
    return [_shown(call, command) for command in call.core.commands.all(_scope(call))]


@route("PUT", _GUILD)
@route("PUT", _GLOBAL)
def put_commands(call: Call) -> list[Json]:
    return call.core.commands.replace(_scope(call), call.body)


@route("POST", _GUILD)
@route("POST", _GLOBAL)
def post_command(call: Call) -> Answer:
    command, new = call.core.commands.create(_scope(call), call.json)
    return Answer(201 if new else 200, command)


@route("GET", _GUILD + "/{command_id}")
@route("GET", _GLOBAL + "/{command_id}")
def get_command(call: Call) -> Json:
    return call.core.commands.get(_scope(call), call.id("command_id"))


@route("PATCH", _GUILD + "/{command_id}")
@route("PATCH", _GLOBAL + "/{command_id}")
def patch_command(call: Call) -> Json:
    return call.core.commands.edit(_scope(call), call.id("command_id"), call.json)


@route("DELETE", _GUILD + "/{command_id}")
@route("DELETE", _GLOBAL + "/{command_id}")
def delete_command(call: Call) -> None:
    call.core.commands.delete(_scope(call), call.id("command_id"))


@route("GET", "/applications/{application_id}/entitlements")
@route("GET", "/applications/{application_id}/skus")
def nothing_sold(call: Call) -> list[Json]:
    _scope(call)
    return []
