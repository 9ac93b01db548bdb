"""What a person can be told: each mistake a class of its own, with the key of its message.

The classes stand in a file for each subject; all of them are imported from here.
"""

from bot.errors.base import *  # noqa: F403
from bot.errors.channels import *  # noqa: F403
from bot.errors.digests import *  # noqa: F403
from bot.errors.forms import *  # noqa: F403
from bot.errors.imports import *  # noqa: F403
from bot.errors.papers import *  # noqa: F403
from bot.errors.picks import *  # noqa: F403
from bot.errors.queries import *  # noqa: F403
from bot.errors.search import *  # noqa: F403
from bot.errors.settings import *  # noqa: F403
from bot.errors.subscriptions import *  # noqa: F403
from bot.errors.summaries import *  # noqa: F403
from bot.errors.takes import *  # noqa: F403
from bot.errors.trouble import *  # noqa: F403
