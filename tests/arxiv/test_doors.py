"""Accents and lists of authors come in alike by every door: query API, OAI-PMH, feed."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.arxiv import Arxiv
from bot.model.arxiv_id import ArxivId
from bot.model.paper import PaperData
from bot.sandbox.arxiv import Announcement, Author, LoopbackArxiv, Paper, Version

PAPER = Paper(
    id="2611.00001",
    title=r"Na\"\i ve \c{S}ets of Erd{\H o}s and W{\k a}s at $E_{\rm c}$",
    authors=(
        Author("DeepSeek-AI"),
        Author(":"),
        Author(r"Erd{\H o}s", r"P{\'a}l"),
        Author(r"Ne\v{s}et\v{r}il", "Jaroslav"),
        Author(r"\L{}ukasiewicz", "J."),
        Author("Van Assche", "Walter", "Jr."),
        Author("van Oldeneel tot Oldenzeel", "Maria"),
        Author("et al."),
    ),
    categories=("math.CO",),
    abstract=r"A Poincar\'{e} map of M{\o}ller, Fran{\c c}ois and \DJ{}or\dj e; see https://a.org/b_c~d.",
    versions=(Version(datetime(2026, 11, 23, 10, tzinfo=UTC)),),
    comment=r"In honour of G\"odel's 100\textsuperscript{th} birthday",
    journal_ref=r"Acta Math. Acad. Sci. Hungaricae, Erd\H os volume",
)
TITLE = r"Naïve Şets of Erdős and Wąs at $E_{\rm c}$"
AUTHORS = (
    "DeepSeek-AI", "Pál Erdős", "Jaroslav Nešetřil", "J. Łukasiewicz", "Walter Van Assche Jr.",
    "Maria van Oldeneel tot Oldenzeel", "et al.",
)  # fmt: skip
ABSTRACT = "A Poincaré map of Møller, François and Đorđe; see https://a.org/b_c~d."


async def test_every_door(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    net.announce(Announcement(date(2026, 11, 24), "new", PAPER))
    wanted = ArxivId("2611.00001")
    found: dict[str, PaperData] = {}
    feed = await arxiv.feeds.fetch(["math.CO"])
    assert feed is not None
    found["feed"] = feed.items[0].paper
    for form in ("arXiv", "arXivRaw"):
        page = await arxiv.harvest.first_page(date(2026, 11, 24), format=form)  # type: ignore[arg-type]
        found[form] = next(one.paper for one in page.records if one.id == wanted)
    found["query"] = (await arxiv.lookup([wanted], person=True, deadline=5)).found[wanted]
    net.misbehave("429", "query", times=None)
    found["record"] = (await arxiv.lookup([wanted], person=True, deadline=5)).found[wanted]
    for door, paper in found.items():
        assert (door, paper.title) == (door, TITLE)
        assert (door, paper.authors) == (door, AUTHORS)
        assert (door, paper.abstract) == (door, ABSTRACT)
        assert (door, paper.journal_ref) == (door, "Acta Math. Acad. Sci. Hungaricae, Erdős volume")
