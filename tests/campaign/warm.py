"""The imports of the bot, for the server that its processes are forked from."""

import aiosqlite
import alembic.command
import alembic.runtime.migration
import asyncpg
import discord
import sqlalchemy.dialects.postgresql.asyncpg
import sqlalchemy.dialects.sqlite.aiosqlite

import bot.__main__
import bot.app
import bot.delivery
import bot.logs
import tests.campaign.child

__all__ = [
    "aiosqlite",
    "alembic",
    "asyncpg",
    "bot",
    "discord",
    "sqlalchemy",
    "tests",
]
