"""What the bot says, in each language: gettext catalogues (Babel), one folder a language."""

from bot.locale.texts import DEFAULT, LANGUAGES, Texts, speak, texts

__all__ = ["DEFAULT", "LANGUAGES", "Texts", "speak", "texts"]
