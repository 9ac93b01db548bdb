"""The parts of a loopback Discord put together, without a network."""

from datetime import timedelta

from bot.sandbox import archiving
from bot.sandbox.channels import Channels
from bot.sandbox.commands import Commands
from bot.sandbox.interactions import Interactions
from bot.sandbox.marks import Marks
from bot.sandbox.messages import Messages
from bot.sandbox.snowflake import Clock
from bot.sandbox.threads import Threads
from bot.sandbox.world import World

_SWEEP_EVERY = timedelta(seconds=30)


class Core:
    """A world and everything that can be done in it."""

    def __init__(
        self, world: World, clock: Clock, nonce_memory: timedelta, respond_within: float
    ) -> None:
        world.start(clock)
        self.world = world
        self.messages = Messages(world, nonce_memory)
        self.marks = Marks(world, self.messages)
        self.threads = Threads(world, self.messages)
        self.channels = Channels(world)
        self.commands = Commands(world)
        self.interactions = Interactions(world, self.messages, respond_within)
        self.message_content = False
        self._swept_at = clock()

    def tidy(self) -> None:
        """Lets time have its effects: silent threads archive themselves."""
        now = self.world.clock()
        if abs(now - self._swept_at) >= _SWEEP_EVERY:
            self._swept_at = now
            archiving.sweep(self.world)
