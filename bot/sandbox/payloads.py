"""Records as the JSON that Discord's API and gateway give."""

from bot.sandbox.errors import Json
from bot.sandbox.objects import (
    POSTS,
    Channel,
    Guild,
    Kind,
    Member,
    Role,
    User,
)
from bot.sandbox.snowflake import to_iso
from bot.sandbox.world import World


def user(record: User) -> Json:
    return {
        "id": str(record.id),
        "username": record.username,
        "global_name": None if record.bot else record.display_name,
        "discriminator": "0000" if record.bot else "0",
        "avatar": None,
        "bot": record.bot,
        "system": False,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def me(record: User) -> Json:
    return user(record) | {
        "verified": True,
        "mfa_enabled": True,
        "locale": record.locale,
        "email": None,
    }


def member(record: Member, *, with_user: bool = True, permissions: int | None = None) -> Json:
    data: Json = {
        "roles": [str(role) for role in sorted(record.roles)],
        "nick": record.nick,
        "avatar": None,
        "banner": None,
        "joined_at": to_iso(record.joined_at),
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }
    if with_user:
        data["user"] = user(record.user)
    if permissions is not None:
        data["permissions"] = str(permissions)
    return data


def role(record: Role) -> Json:
    return {
        "id": str(record.id),
        "name": record.name,
        "color": record.color,
        "colors": {"primary_color": record.color, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": record.position,
        "permissions": str(record.permissions),
        "managed": record.managed,
        "mentionable": record.mentionable,
        "flags": 0,
    }


def channel(record: Channel) -> Json:
    """A channel, thread or direct message."""
    data: Json = {
        "id": str(record.id),
        "type": int(record.kind),
        "flags": record.flags,
        "last_message_id": str(record.last_message_id) if record.last_message_id else None,
    }
    if record.kind is Kind.DM:
        return data | {"recipients": [user(person) for person in record.recipients]}
    data |= {
        "guild_id": str(record.guild_id),
        "name": record.name,
        "parent_id": str(record.parent_id) if record.parent_id else None,
        "rate_limit_per_user": record.slowmode,
    }
    if record.last_pin_at:
        data["last_pin_timestamp"] = to_iso(record.last_pin_at)
    if record.thread is not None:
        return data | _thread(record)
    data |= {
        "position": record.position,
        "topic": record.topic,
        "nsfw": record.nsfw,
        "default_auto_archive_duration": record.archive_minutes,
        "permission_overwrites": [
            {"id": str(o.id), "type": o.type, "allow": str(o.allow), "deny": str(o.deny)}
            for o in record.overwrites.values()
        ],
    }
    if record.kind is Kind.VOICE:
        data |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    if record.kind in POSTS:
        data |= {
            "available_tags": [
                {
                    "id": str(tag.id),
                    "name": tag.name,
                    "moderated": tag.moderated,
                    "emoji_id": None,
                    "emoji_name": tag.emoji,
                }
                for tag in record.tags
            ],
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
            "default_thread_rate_limit_per_user": 0,
        }
    return data


def _thread(record: Channel) -> Json:
    state = record.thread
    assert state is not None
    return {
        "owner_id": str(state.owner_id),
        "message_count": state.message_count,
        "total_message_sent": state.total_sent,
        "member_count": min(len(state.members), 50),
        "applied_tags": [str(tag) for tag in state.applied_tags],
        "thread_metadata": {
            "archived": state.archived,
            "auto_archive_duration": state.minutes,
            "archive_timestamp": to_iso(state.archive_changed_at),
            "locked": state.locked,
            "invitable": state.invitable,
            "create_timestamp": to_iso(state.created_at),
        },
    }


def thread_member(thread: Channel, user_id: int) -> Json:
    assert thread.thread is not None
    return {
        "id": str(thread.id),
        "user_id": str(user_id),
        "join_timestamp": to_iso(thread.thread.members[user_id]),
        "flags": 1,
    }


def guild(world: World, record: Guild) -> Json:
    """What REST gives of a guild."""
    return {
        "id": str(record.id),
        "name": record.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "home_header": None,
        "owner_id": str(record.owner_id),
        "afk_channel_id": None,
        "afk_timeout": 300,
        "region": "deprecated",
        "widget_enabled": False,
        "widget_channel_id": None,
        "nsfw": False,
        "max_members": 500_000,
        "max_presences": None,
        "max_stage_video_channel_users": 0,
        "max_video_channel_users": 25,
        "hub_type": None,
        "incidents_data": None,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [role(r) for r in record.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": ["COMMUNITY"],
        "mfa_level": 0,
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "vanity_url_code": None,
        "description": None,
        "banner": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": record.locale,
        "public_updates_channel_id": None,
        "nsfw_level": 0,
        "premium_progress_bar_enabled": False,
        "safety_alerts_channel_id": None,
        "approximate_member_count": len(record.members),
    }


def guild_create(world: World, record: Guild, *, all_members: bool) -> Json:
    """The gateway's GUILD_CREATE; without the members intent the bot is its only member.

    A bot gets all channels, also those it may not view, but only the threads that it may.
    """
    members = record.members.values() if all_members else [record.members[world.bot.id]]
    seen = world.guild_channels(record.id)
    threads = [c for c in world.threads(record.id) if world.allowed(world.bot, c)]
    return guild(world, record) | {
        "joined_at": to_iso(record.members[world.bot.id].joined_at),
        "large": False,
        "unavailable": False,
        "member_count": len(record.members),
        "voice_states": [],
        "members": [member(m) for m in members],
        "channels": [channel(c) for c in seen],
        "threads": [thread(world, c) for c in threads],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def thread(world: World, record: Channel) -> Json:
    """A thread with the bot's own membership, if it has joined."""
    data = channel(record)
    if record.thread is not None and world.bot.id in record.thread.members:
        data["member"] = thread_member(record, world.bot.id)
    return data
