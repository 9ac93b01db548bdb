"""Signs that people type for the plain ones."""

from __future__ import annotations

from typing import Final

# What keyboards of phones, of East Asia and of Europe put in place of the plain signs; one for one,
# so that places in the text stay.
PLAIN_SIGNS: Final = {
    **{0xFF01 + n: 0x21 + n for n in range(94)},
    **str.maketrans("“”„‟«»「」『』〝〞《》＂", '"' * 15),
    **str.maketrans("、‘’‚‛´", ",'''''"),
    **str.maketrans("\u3000\u00a0", "  "),
}
