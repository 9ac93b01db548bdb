"""What the bot says, in each language: gettext catalogues (Babel), one folder a language."""

from bot.locale.texts import DEFAULT, Texts, language_of, languages, speak, texts

__all__ = ["DEFAULT", "Texts", "language_of", "languages", "speak", "texts"]
