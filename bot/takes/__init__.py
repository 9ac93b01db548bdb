"""Takes: written, edited, deleted, tagged; a member's own data."""
