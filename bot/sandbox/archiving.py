"""The life of a thread between its messages: joining, archiving by itself, waking up."""

from datetime import datetime, timedelta

from bot.sandbox.errors import refuse
from bot.sandbox.hub import Happening
from bot.sandbox.objects import Channel, User
from bot.sandbox.permissions import Permission
from bot.sandbox.snowflake import to_time
from bot.sandbox.world import World


def join(world: World, thread: Channel, user: User) -> None:
    """Makes the person a member of the thread; told to the gateway if it is news."""
    assert thread.thread is not None
    if user.id not in thread.thread.members:
        thread.thread.members[user.id] = world.clock()
        data = {"added": [user.id], "removed": []}
        world.hub.tell(Happening("THREAD_MEMBERS_UPDATE", thread, data=data))


def leave(world: World, thread: Channel, user_id: int) -> None:
    assert thread.thread is not None
    if thread.thread.members.pop(user_id, None) is not None:
        data = {"added": [], "removed": [user_id]}
        world.hub.tell(Happening("THREAD_MEMBERS_UPDATE", thread, data=data))


def set_archived(world: World, thread: Channel, archived: bool) -> None:
    assert thread.thread is not None
    if thread.thread.archived != archived:
        thread.thread.archived = archived
        thread.thread.archive_changed_at = world.clock()
        world.hub.tell(Happening("THREAD_UPDATE", thread))


def active_since(thread: Channel) -> datetime:
    """When the thread last had a message or was taken out of the archive."""
    assert thread.thread is not None
    last = thread.thread.archive_changed_at
    if thread.last_message_id is not None:
        last = max(last, to_time(thread.last_message_id))
    return last


def sweep(world: World) -> None:
    """Archives every thread that has been silent for its number of minutes."""
    now = world.clock()
    for channel in list(world.channels.values()):
        state = channel.thread
        if state is None or state.archived:
            continue
        if now - active_since(channel) >= timedelta(minutes=state.minutes):
            set_archived(world, channel, True)


def wake_to_write(world: World, thread: Channel, user: User) -> None:
    """Takes a thread out of the archive for a new message.

    Raises 160005 where it is locked and the writer may not manage threads.
    """
    state = thread.thread
    assert state is not None
    if state.locked and not world.allowed(user, thread) & Permission.MANAGE_THREADS:
        raise refuse(160005)
    set_archived(world, thread, False)


def refuse_archived(thread: Channel) -> None:
    """Raises 50083 for what cannot be done in an archived thread (an edit, a reaction, a pin)."""
    if thread.thread is not None and thread.thread.archived:
        raise refuse(50083)
