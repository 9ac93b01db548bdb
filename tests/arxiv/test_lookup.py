"""Papers by id over a real socket, with everything that goes wrong with arXiv."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import pytest

from bot.arxiv import Arxiv, Lookup
from bot.model.arxiv_id import ArxivId
from bot.model.paper import PaperData
from bot.sandbox.arxiv import LoopbackArxiv, Misbehaviour, Route

from .conftest import NOW, Settings

SLICE_OUT, OLD, WITHDRAWN, NOBODY = (
    ArxivId(text) for text in ("2007.10909", "hep-th/9901001", "2001.00001", "2005.99999")
)


async def ask(arxiv: Arxiv, *ids: ArxivId, person: bool = True, deadline: float = 10) -> Lookup:
    return await arxiv.lookup(ids, person=person, deadline=deadline)


def routes(net: LoopbackArxiv) -> list[Route | None]:
    return [request.route for request in net.requests]


async def seen(net: LoopbackArxiv, route: Route) -> None:
    """Returns when a request has come by this route."""
    while route not in routes(net):
        await asyncio.sleep(0.01)


async def test_a_paper_as_the_query_api_tells_it(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    result = await ask(arxiv, SLICE_OUT)
    assert result == Lookup(
        {
            SLICE_OUT: PaperData(
                arxiv_id="2007.10909",
                title="SliceOut: Training Transformers and CNNs faster while using less memory",
                authors=("Pascal Notin", "Aidan N. Gomez", "Joanna Yoo"),
                abstract="We demonstrate 10-40% speedups with $α$ and TeX é.",
                categories=("cs.LG", "cs.CV", "stat.ML"),
                published=datetime(2020, 7, 21, 15, 59, 54, tzinfo=UTC),
                updated=datetime(2020, 8, 3, 9, tzinfo=UTC),
                version=2,
                comment="12 pages",
                doi="10.1000/xyz",
                journal_ref="J. Ex. 1 (2020)",
            )
        }
    )
    (request,) = net.requests
    assert request.user_agent.startswith("papertakes/")
    assert "club@example.org" in request.user_agent


async def test_a_paper_as_oai_tells_it(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    net.misbehave("429", "query", times=None)
    result = await ask(arxiv, SLICE_OUT, OLD)
    assert result.found[SLICE_OUT] == PaperData(
        arxiv_id="2007.10909",
        title="SliceOut: Training Transformers and CNNs faster while using less memory",
        authors=("Pascal Notin", "Aidan N. Gomez", "Joanna Yoo"),
        abstract="We demonstrate 10-40% speedups with $\\alpha$ and TeX é.",
        categories=("cs.LG", "cs.CV", "stat.ML"),
        updated=datetime(2020, 8, 3, tzinfo=UTC),
        comment="12 pages",
        doi="10.1000/xyz",
        journal_ref="J. Ex. 1 (2020)",
    )
    assert result.found[OLD].authors == ("G. David Forney Jr.", "ATLAS Collaboration")
    agents = {request.user_agent for request in net.requests}
    assert len(agents) == 1


async def test_several_papers_take_one_request(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    result = await ask(arxiv, SLICE_OUT, OLD, WITHDRAWN, SLICE_OUT)
    assert result.found.keys() == {SLICE_OUT, OLD, WITHDRAWN}
    assert result.found[WITHDRAWN].withdrawn
    assert not result.found[SLICE_OUT].withdrawn
    assert routes(net) == ["query"]


async def test_no_ids_no_request(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    assert await ask(arxiv) == Lookup()
    assert net.requests == []


async def test_unknown_is_said_only_when_both_say_so(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    result = await ask(arxiv, SLICE_OUT, NOBODY)
    assert result.found.keys() == {SLICE_OUT}
    assert result.unknown == {NOBODY}
    assert result.fresh == set()
    assert result.unanswered == set()
    assert routes(net) == ["query", "oai"]


async def test_an_id_of_this_month_may_only_be_too_fresh(arxiv: Arxiv) -> None:
    new = ArxivId("2611.99999")
    result = await ask(arxiv, new)
    assert result.unknown == result.fresh == {new}


@pytest.mark.parametrize("fault", ["nothing", "empty page"])
async def test_an_empty_answer_proves_nothing(
    arxiv: Arxiv, net: LoopbackArxiv, fault: Misbehaviour
) -> None:
    net.misbehave(fault, "query", times=None)
    result = await ask(arxiv, SLICE_OUT)
    assert result.found.keys() == {SLICE_OUT}
    assert routes(net) == ["query", "oai"]


async def test_a_paper_that_the_query_api_lags_behind_with(
    arxiv: Arxiv, net: LoopbackArxiv
) -> None:
    net.misbehave("nothing", "query", times=1)
    assert (await ask(arxiv, OLD)).found[OLD].title == "An old one"


async def test_without_oai_a_second_empty_answer_settles_it(
    arxiv: Arxiv, net: LoopbackArxiv
) -> None:
    net.misbehave("503", "oai", times=None)
    result = await ask(arxiv, NOBODY)
    assert result.unknown == {NOBODY}
    first, second = (request for request in net.requests if request.route == "query")
    assert first.parameters != second.parameters


async def test_without_the_query_api_oai_is_asked_twice_by_other_urls(
    arxiv: Arxiv, net: LoopbackArxiv
) -> None:
    net.misbehave("503", "query", times=None)
    assert (await ask(arxiv, NOBODY)).unknown == {NOBODY}
    first, second = (request for request in net.requests if request.route == "oai")
    assert list(first.parameters) == list(second.parameters)[::-1]


async def test_one_early_nothing_of_oai_is_not_believed(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    net.misbehave("503", "query", times=None)
    net.misbehave("nothing", "oai", times=1)
    assert (await ask(arxiv, SLICE_OUT)).found.keys() == {SLICE_OUT}


FAULTS: list[Misbehaviour] = [
    "429",
    "500",
    "503",
    "first byte timeout",
    "truncated",
    "cut",
    "reset",
    "html",
]


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_the_query_api_fails_with_oai_makes_good(
    arxiv: Arxiv, net: LoopbackArxiv, fault: Misbehaviour
) -> None:
    net.misbehave(fault, "query", times=None)
    result = await ask(arxiv, SLICE_OUT)
    assert result.found.keys() == {SLICE_OUT}
    assert routes(net) == ["query", "oai"]


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_fails_once_is_asked_again(
    arxiv: Arxiv, net: LoopbackArxiv, fault: Misbehaviour
) -> None:
    net.misbehave(fault, "query", times=1)
    net.misbehave(fault, "oai", times=1)
    result = await ask(arxiv, SLICE_OUT)
    assert result.found[SLICE_OUT].version == 2
    assert routes(net) == ["query", "oai", "query"]


@pytest.mark.parametrize("fault", FAULTS)
async def test_when_all_fails_nothing_is_said_to_be_unknown(
    arxiv: Arxiv, net: LoopbackArxiv, fault: Misbehaviour
) -> None:
    net.misbehave(fault, times=None)
    result = await ask(arxiv, SLICE_OUT, NOBODY)
    assert result == Lookup(unanswered=frozenset({SLICE_OUT, NOBODY}))
    assert len(net.requests) <= 8


async def test_the_right_document_of_a_wrong_type_is_taken(
    arxiv: Arxiv, net: LoopbackArxiv
) -> None:
    net.misbehave("wrong type", "query", times=None)
    assert (await ask(arxiv, SLICE_OUT)).found[SLICE_OUT].version == 2


async def test_a_hang_of_one_source_leaves_time_for_the_other(
    arxiv: Arxiv, net: LoopbackArxiv
) -> None:
    net.misbehave("hang", "query", times=None)
    result = await ask(arxiv, SLICE_OUT, deadline=2.5)
    assert result.found.keys() == {SLICE_OUT}
    assert net.most_together == 1


async def test_a_hang_of_everything_ends_at_the_deadline(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    net.misbehave("hang", times=None)
    result = await asyncio.wait_for(ask(arxiv, SLICE_OUT, deadline=1.5), 5)
    assert result.unanswered == {SLICE_OUT}
    net.behave()
    assert (await ask(arxiv, SLICE_OUT)).found.keys() == {SLICE_OUT}
    assert net.most_together == 1


async def test_nothing_listens(net: LoopbackArxiv, arxiv: Arxiv) -> None:
    await net.stop()
    assert (await ask(arxiv, SLICE_OUT, deadline=3)).unanswered == {SLICE_OUT}


async def test_a_bad_id_in_a_list_is_found_by_halves(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    """The API can refuse what we think an id; the others are found all the same."""
    odd = ArxivId("2005.12345")
    net.misbehave(
        "error entry",
        "query",
        times=None,
        when=lambda request: odd.value in request.parameters["id_list"],
    )
    result = await ask(arxiv, SLICE_OUT, odd, OLD, WITHDRAWN)
    assert result.found.keys() == {SLICE_OUT, OLD, WITHDRAWN}
    assert result.unknown == {odd}
    lists = [r.parameters["id_list"] for r in net.requests if r.route == "query"]
    assert lists.count(odd.value) == 1, "what was answered 400 is not asked again"


async def test_many_papers_are_asked_in_batches(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    many = [ArxivId(f"2005.{number:05}") for number in range(1, 121)]
    result = await ask(arxiv, *many, SLICE_OUT, person=False)
    assert result.found.keys() == {SLICE_OUT}
    assert [len(r.parameters["id_list"].split(",")) for r in net.requests[:3]] == [50, 50, 21]


async def test_the_poller_waits_for_the_query_api(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    net.misbehave("503", "query", times=1, retry_after=0)
    result = await ask(arxiv, SLICE_OUT, person=False)
    assert result.found[SLICE_OUT].version == 2
    assert routes(net) == ["query", "query"]


async def test_retry_after_is_kept(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    net.misbehave("503", "query", times=1, retry_after=30)
    await ask(arxiv, SLICE_OUT)
    await ask(arxiv, OLD)
    assert routes(net) == ["query", "oai", "oai"]
    assert 25 < arxiv.gate.held("query API") <= 30


async def test_requests_are_spaced_and_never_two_at_once(net: LoopbackArxiv) -> None:
    settings = Settings(net.api_base, net.feed_base, net.oai_base, interval=0.2)
    arxiv = Arxiv(settings, now=lambda: NOW)
    await arxiv.start()
    await asyncio.gather(
        ask(arxiv, SLICE_OUT),
        ask(arxiv, NOBODY),
        ask(arxiv, OLD, person=False),
        arxiv.search_title("An old one"),
    )
    await arxiv.close()
    assert net.most_together == 1
    assert len(net.requests) == 5
    # The server's timer may see two requests a little nearer than they were sent.
    assert min(net.intervals) >= 0.19


async def test_a_cancelled_lookup_leaves_the_gate_usable(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    net.misbehave("hang", "query", times=1)
    task = asyncio.create_task(ask(arxiv, SLICE_OUT))
    await seen(net, "query")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    # Well before the hanging request's own time is over.
    assert (await ask(arxiv, OLD, deadline=3)).found[OLD].version == 1
    assert net.most_together == 1


async def test_the_poller_gives_way_to_a_person(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    net.misbehave("nothing", "query", times=1)
    net.misbehave("slow", "oai", times=1, delay=30)
    background = asyncio.create_task(ask(arxiv, SLICE_OUT, person=False, deadline=60))
    await seen(net, "oai")
    began = time.monotonic()
    assert (await ask(arxiv, OLD)).found.keys() == {OLD}
    assert time.monotonic() - began < 20, "the slow answer was waited for"
    assert (await background).found.keys() == {SLICE_OUT}
    assert net.most_together == 1


async def test_the_query_connection_is_kept(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    for one in (SLICE_OUT, OLD, WITHDRAWN):
        await ask(arxiv, one)
    assert len({request.connection for request in net.requests}) == 1


@pytest.mark.parametrize("route", ["query", "oai"])
async def test_starting_asks_nothing_and_closing_ends_all(
    arxiv: Arxiv, net: LoopbackArxiv, route: Route
) -> None:
    assert net.requests == []
    net.misbehave("hang", route, times=None)
    net.misbehave("503", "query", times=None)
    task = asyncio.create_task(ask(arxiv, SLICE_OUT, deadline=60))
    await seen(net, route)
    await asyncio.wait_for(arxiv.close(), 5)
    assert (await task).unanswered == {SLICE_OUT}


async def test_titles(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    found = await arxiv.search_title('SliceOut: "training" transformers & CNNs faster!')
    assert [paper.arxiv_id for paper in found] == ["2007.10909"]
    assert await arxiv.search_title("no such title anywhere") == []
    assert await arxiv.search_title("?!") == []
    assert len(net.requests) == 3


async def test_one_empty_answer_to_a_title_is_not_believed(
    arxiv: Arxiv, net: LoopbackArxiv
) -> None:
    net.misbehave("nothing", "query", times=1)
    assert [paper.arxiv_id for paper in await arxiv.search_title("An old one")] == [
        "hep-th/9901001"
    ]
