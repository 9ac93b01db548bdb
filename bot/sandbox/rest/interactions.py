"""Answers to interactions: the callback, and the webhook routes that take its token."""

from bot.sandbox import message_payloads
from bot.sandbox.errors import Json, refuse
from bot.sandbox.interaction import Answer as Kind
from bot.sandbox.interaction import Interaction
from bot.sandbox.objects import Flag, Message
from bot.sandbox.rest.route import Answer, Call, route

_HOOK = "/webhooks/{application_id}/{token}"
_ORIGINAL = _HOOK + "/messages/@original"
_MESSAGE = _HOOK + "/messages/{message_id}"


def _show(call: Call, message: Message) -> Json:
    return message_payloads.message(call.core.world, message, call.actor)


@route("POST", "/interactions/{interaction_id}/{token}/callback", token=False, counted=False)
def callback(call: Call) -> Json | None:
    interaction = call.core.interactions.respond(
        call.id("interaction_id"), call.path["token"], call.json, call.uploads
    )
    if not call.flag("with_response"):
        return None
    return _callback_response(call, interaction)


def _callback_response(call: Call, interaction: Interaction) -> Json:
    about: Json = {"id": str(interaction.id), "type": int(interaction.asked)}
    shown = interaction.original
    if shown is not None:
        about |= {
            "response_message_id": str(shown.id),
            "response_message_loading": shown.has(Flag.LOADING),
            "response_message_ephemeral": shown.has(Flag.EPHEMERAL),
        }
    response: Json = {"interaction": about}
    if interaction.answer in (Kind.MESSAGE, Kind.THINKING, Kind.UPDATE) and shown is not None:
        response["resource"] = {"type": int(interaction.answer), "message": _show(call, shown)}
    return response


def _token(call: Call) -> str:
    if call.id("application_id") != call.actor.id:
        raise refuse(10015)
    return call.path["token"]


@route("POST", _HOOK, token=False, counted=False)
def follow_up(call: Call) -> Json:
    return _show(call, call.core.interactions.follow_up(_token(call), call.json, call.uploads))


@route("GET", _ORIGINAL, token=False, counted=False)
def get_original(call: Call) -> Json:
    return _show(call, call.core.interactions.find(_token(call), None)[1])


@route("PATCH", _ORIGINAL, token=False, counted=False)
def edit_original(call: Call) -> Json:
    edited = call.core.interactions.edit(_token(call), None, call.json, call.uploads)
    return _show(call, edited)


@route("DELETE", _ORIGINAL, token=False, counted=False)
def delete_original(call: Call) -> None:
    call.core.interactions.delete(_token(call), None)


@route("GET", _MESSAGE, token=False, counted=False)
def get_follow_up(call: Call) -> Json:
    return _show(call, call.core.interactions.find(_token(call), call.id("message_id"))[1])


@route("PATCH", _MESSAGE, token=False, counted=False)
def edit_follow_up(call: Call) -> Json:
    edited = call.core.interactions.edit(
        _token(call), call.id("message_id"), call.json, call.uploads
    )
    return _show(call, edited)


@route("DELETE", _MESSAGE, token=False, counted=False)
def delete_follow_up(call: Call) -> Answer:
    call.core.interactions.delete(_token(call), call.id("message_id"))
    return Answer(204)
