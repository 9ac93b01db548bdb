"""All that uses Discord's library, except for the commands."""
