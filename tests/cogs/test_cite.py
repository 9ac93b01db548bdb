"""What a person gets who wants to cite: a block to copy, or a file."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.sandbox import Person, Sandbox
from bot.sandbox.arxiv import Author, LoopbackArxiv, Paper, Version
from tests.bot import Bot

HOSTILE = Paper(
    id="2607.00001",
    title=r"A $5 {title & $p_T$ of Erd{\H o}s",
    authors=(Author("GLM-4.5 Team"), Author(":"), Author("Van Assche", "Walter")),
    categories=("cs.LG",),
    abstract="Text. Our code is at https://github.com/club/my\\_repo.",
    versions=(Version(datetime(2026, 7, 1, tzinfo=UTC)),),
    comment=r"12 pages, accepted at NeurIPS 2026. Project page: https://club.github.io/x",
    journal_ref=r"J. Ex. {\bf 1} (2026)",
)


async def test_a_card_says_what_readers_ask_for(ada: Person, arxiv: LoopbackArxiv) -> None:
    arxiv.add(HOSTILE)
    card = await ada.slash("/paper add", reference="2607.00001")
    assert "GLM-4.5 Team, Walter Van Assche" in card.text
    assert "Accepted at NeurIPS 2026 · 12 pages · J. Ex. 1 (2026)" in card.text
    assert card.buttons[-2:] == ["arXiv", "Code"]
    assert "https://github.com/club/my_repo" in str(card.post.json())


async def test_cite_below_a_card_and_by_command(ada: Person, arxiv: LoopbackArxiv) -> None:
    arxiv.add(HOSTILE)
    card = await ada.slash("/paper add", reference="2607.00001")
    told = await ada.press(card, "Cite")
    assert told.private
    assert told.text.startswith("```bibtex\n@misc{arXiv:2607.00001,")
    assert r"title = {{A \$5 \textbraceleft{}title \& $p_T$ of Erd{\H{o}}s}}" in told.text
    assert "author = {{GLM-4.5 Team} and Van Assche, Walter}" in told.text
    ris = await ada.press(told, "RIS")
    assert "TI  - A $5 {title & p_T of Erdős" in ris.text
    assert "AU  - Van Assche, Walter" in ris.text
    csl = await ada.slash("/paper cite", paper="2607.00001", format="csl")
    assert csl.private
    assert '"family": "Van Assche"' in csl.text
    nothing = await ada.slash("/paper cite", paper="2607.00002")
    assert "2607.00002" in nothing.text


async def test_cite_a_period(ada: Person, grace: Person) -> None:
    for one in ("2007.10909", "2007.10396"):
        await ada.slash("/take", paper=one, text=f"on {one}")
    told = await grace.slash("/paper cite", format="ris")
    assert told.private
    file = told.post.attachments[0]
    assert file.filename == "papers.ris"
    assert file.data.decode().count("ER  - ") == 2


async def test_cite_below_a_digest(ada: Person, grace: Person, bot: Bot, sandbox: Sandbox) -> None:
    for one in ("2007.10909", "2007.10396"):
        await ada.slash("/take", paper=one, text=f"on {one}")
    await ada.slash("/digest post")
    await bot.settle()
    starter = sandbox.channel("papers").messages[-1]
    assert starter.thread is not None
    assert starter.buttons == ["BibTeX"]
    told = await grace.press(starter, "BibTeX")
    assert told.private
    text = told.text or told.post.attachments[0].data.decode()
    assert "@misc{arXiv:2007.10909," in text
    assert "@misc{arXiv:2007.10396," in text
    ris = await grace.press(told, "RIS")
    assert ris.post.attachments[0].filename == "papers.ris"
