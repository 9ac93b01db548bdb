"""What the bot shows: cards, announcements, takes, pages."""
