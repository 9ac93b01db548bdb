"""What the bot says, in each language: gettext catalogues (Babel), one folder a language."""

from bot.locale.texts import Texts, speak, texts

__all__ = ["Texts", "speak", "texts"]
