"""A loopback Discord: gateway, REST API and people, to try a bot against. See README.md."""

from bot.sandbox.altered import AlteredClient, option
from bot.sandbox.events import Event, Events
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.garbled import GARBLED, Garbled
from bot.sandbox.objects import Kind, Pings
from bot.sandbox.permissions import Permission
from bot.sandbox.person import Person
from bot.sandbox.places import Place
from bot.sandbox.posts import ClientRefused, Control, Field, Form, Post
from bot.sandbox.ratelimit import RateLimits
from bot.sandbox.reply import Reply
from bot.sandbox.server import Request, Sandbox
from bot.sandbox.slash import Choice
from bot.sandbox.world import World

__all__ = [
    "GARBLED",
    "AlteredClient",
    "Choice",
    "ClientRefused",
    "Control",
    "Event",
    "Events",
    "Fault",
    "Faults",
    "Field",
    "Form",
    "Garbled",
    "Kind",
    "Permission",
    "Person",
    "Pings",
    "Place",
    "Post",
    "RateLimits",
    "Reply",
    "Request",
    "Sandbox",
    "World",
    "option",
]
