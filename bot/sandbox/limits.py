"""Discord's numbers in one place, with the names that the rest of the sandbox uses.

Source: Discord's documentation and OpenAPI document (2026).
"""

from datetime import timedelta

CONTENT = 2000
EMBEDS = 10
EMBED_TEXT = 6000
COMPONENTS = 40
COMPONENT_TEXT = 4000
CUSTOM_ID = 100
ROW_BUTTONS = 5
SELECT_OPTIONS = 25
MODAL_ROWS = 5
MODAL_TITLE = 45
CHOICES = 25
CHOICE = 100
COMMANDS = 100
CONTEXT_COMMANDS = 15
COMMAND_OPTIONS = 25
COMMAND_TEXT = 8000
COMMAND_CREATES_A_DAY = 200
OPTION_TEXT = 6000
THREAD_NAME = 100
ARCHIVE_MINUTES = (60, 1440, 4320, 10080)
ACTIVE_THREADS = 1000
POST_TAGS = 5
PINS = 250
NONCE = 25
FILE_BYTES = 10 * 1024 * 1024
REQUEST_BYTES = 25 * 1024 * 1024
FOLLOW_UPS_FOR = timedelta(minutes=15)
OLD_MESSAGE = timedelta(hours=1)
LOCALES = frozenset(
    [
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "fi",
        "sv-SE",
        "vi",
        "tr",
        "cs",
        "el",
        "bg",
        "ru",
        "uk",
        "hi",
        "th",
        "zh-CN",
        "ja",
        "zh-TW",
        "ko",
    ]
)
