"""What people bring from elsewhere: read as it is meant, or refused with what to write instead."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.errors import QueryError
from bot.model.query.parse import parse
from bot.model.query.written import understood

AS_MEANT = {
    # Out of addresses.
    "ti:diffusion+AND+cat:cs.LG": "ti:diffusion AND cat:cs.LG",
    "all:electron+AND+all:proton": "all:electron AND all:proton",
    "%28ti:%22object%20detection%22%20OR%20abs:detr%29": 'ti:"object detection" OR abs:detr',
    "ti:%22diffusion+model%22": 'ti:"diffusion model"',
    "au:del_maestro+ANDNOT+ti:checkerboard": "au:del_maestro ANDNOT ti:checkerboard",
    "diffusion%20model": "diffusion AND model",
    "diffusion+model": "diffusion AND model",
    "ti:diffusion+model": "ti:diffusion AND ti:model",
    "search_query=cat:cs.CL&start=0&max_results=10": "cat:cs.CL",
    "https://arxiv.org/list/cs.CL/recent": "cat:cs.CL",
    "https://arxiv.org/list/cs/new": "cat:cs.*",
    "arxiv.org/list/hep-th/2401?skip=0&show=25": "cat:hep-th",
    "https://rss.arxiv.org/rss/cs.LG+stat.ML": "cat:cs.LG OR cat:stat.ML",
    "http://export.arxiv.org/rss/cs.AI": "cat:cs.AI",
    "https://export.arxiv.org/api/query?search_query=all:electron&start=0": "all:electron",
    "http://export.arxiv.org/api/query?search_query=ti:%22electron+thermal%22+AND+cat:cs.LG":
        'ti:"electron thermal" AND cat:cs.LG',
    "https://export.arxiv.org/api/query?id_list=2007.10909,hep-th/9901001":
        "id:2007.10909 OR id:hep-th/9901001",
    "https://arxiv.org/search/?query=diffusion+model&searchtype=title&source=header":
        "ti:diffusion AND ti:model",
    "https://arxiv.org/search/?query=%22diffusion+model%22&searchtype=all": '"diffusion model"',
    "https://arxiv.org/search/cs?query=Hinton&searchtype=author": "cat:cs.* AND au:Hinton",
    "https://arxiv.org/search/advanced?advanced=&terms-0-operator=AND&terms-0-term=diffusion"
    "&terms-0-field=title&terms-1-operator=NOT&terms-1-term=survey&terms-1-field=abstract"
    "&classification-computer_science=y": "cat:cs.* AND ti:diffusion ANDNOT abs:survey",
    "https://arxiv.org/a/he_k_1": 'au:"he, k"',
    "https://arxiv.org/abs/2007.10909v2": "id:2007.10909",
    "https://scholar.google.com/scholar?hl=en&q=intitle%3Adiffusion+author%3AHo":
        "ti:diffusion AND au:Ho",
    "https://www.google.com/search?q=site%3Aarxiv.org+%22flow+matching%22": '"flow matching"',
    "<https://arxiv.org/list/cs.CL/recent>": "cat:cs.CL",
    "&quot;diffusion model&quot;": '"diffusion model"',
    "https://duckduckgo.com/?q=arxiv+mamba": "mamba",
    "https://scholar.google.com/scholar?q=%22flow+matching%22+source:arxiv&as_ylo=2023":
        '"flow matching"',
    "https://arxiv.org/search/advanced?terms-0-term=LLM&terms-0-field=title"
    "&classification-physics=y&classification-physics_archives=hep-th": "cat:hep-th AND ti:LLM",
    "mamba source:arxiv": "mamba",
    "10.48550/arXiv.2007.10909": "id:2007.10909",
    # Categories as lists, pages and people write them.
    "cs.{CL,LG}": "cat:cs.CL OR cat:cs.LG",
    "cs.(CL|LG) GAN": "(cat:cs.CL OR cat:cs.LG) AND GAN",
    "cs.[CL LG]": "cat:cs.CL OR cat:cs.LG",
    "cs CL": "cat:cs.CL",
    "cs.CL이나 cs.LG": "cat:cs.CL OR cat:cs.LG",
    "cs.CL과 LLM": "cat:cs.CL AND LLM",
    "GAN oder VAE": "GAN OR VAE",
    "GAN または VAE": "GAN OR VAE",
    "stat ML GAN": "cat:stat.ML AND GAN",
    '["cs.CL", "cs.LG"]': "cat:cs.CL OR cat:cs.LG",
    "Computation and Language (cs.CL)": "cat:cs.CL",
    "Machine Learning (cs.LG); Artificial Intelligence (cs.AI)": "cat:cs.LG OR cat:cs.AI",
    "NeurIPS (cs.LG)": "NeurIPS AND cat:cs.LG",
    # Signs.
    "ti:[flow matching]": "ti:flow AND ti:matching",
    "abs:[GAN|VAE] cs.CV": "(abs:GAN OR abs:VAE) AND cat:cs.CV",
    "GAN and/or VAE": "GAN OR VAE",
    "GAN | VAE": "GAN OR VAE",
    "GAN || VAE": "GAN OR VAE",
    "GAN|VAE": "GAN OR VAE",
    "ti:GAN|VAE": "ti:GAN OR ti:VAE",
    "LLM|ti:agents": "LLM OR ti:agents",
    "au:Hinton|au:LeCun": "au:Hinton OR au:LeCun",
    "ti:GAN|abs:VAE": "ti:GAN OR abs:VAE",
    "#ti:GAN": "ti:GAN",
    "'ti:diffusion model'": 'ti:"diffusion model"',
    'kw:"ti:GAN"': 'kw:"ti:GAN"',
    "GAN & VAE": "GAN AND VAE",
    "GAN && VAE": "GAN AND VAE",
    "GAN !survey": "GAN ANDNOT survey",
    "GAN && !survey": "GAN ANDNOT survey",
    "!(GAN || VAE)": "NOT (GAN OR VAE)",
    "AT&T": '"AT&T"',
    "C++ R&D": 'C++ AND "R&D"',
    "+LLM +agents -survey": "LLM AND agents ANDNOT survey",
    "diffusion −survey": "diffusion ANDNOT survey",
    "-cs.CV LLM": "NOT cat:cs.CV AND LLM",
    "#LLM #cs.AI": "LLM AND cat:cs.AI",
    "ti=diffusion cat=cs.LG": "ti:diffusion AND cat:cs.LG",
    "`ti:diffusion`": "ti:diffusion",
    "diffusion.": "diffusion",
    "what is attention?": "what AND is AND attention",
    "[cs.CL] {BERT}": "cat:cs.CL AND BERT",
    "diffusion^2": "diffusion",
    '"diffusion model"^2.5': '"diffusion model"',
    "1,000": '"1,000"',
    # Operators.
    "diffusion and model": "diffusion AND model",
    "LLM or VLM not survey": "LLM OR (VLM ANDNOT survey)",
    "ti:LLM and not ti:survey": "ti:LLM ANDNOT ti:survey",
    "diffusion And cat:cs.LG": "diffusion AND cat:cs.LG",
    "LLM Or agents": "LLM OR agents",
    "LLM andnot survey": "LLM ANDNOT survey",
    "ＬＬＭ　ＡＮＤ　ａｇｅｎｔ": "LLM AND agent",
    "ti：diffusion （ＯＲＣＡ）": "ti:diffusion AND ORCA",
    "LLM 그리고 agent": "LLM AND agent",
    "LLM 또는 VLM": "LLM OR VLM",
    "LLM, VLM or agents": "LLM OR VLM OR agents",
    "LLM, VLM, and agents": "LLM AND VLM AND agents",
    # Lists of categories.
    "cs.AI cs.CL": "cat:cs.AI OR cat:cs.CL",
    "cat:cs.AI cat:cs.CL": "cat:cs.AI OR cat:cs.CL",
    "cat:(cs.AI cs.CL)": "cat:cs.AI OR cat:cs.CL",
    "cs.AI+cs.CV": "cat:cs.AI OR cat:cs.CV",
    "cat:cs.AI+cs.CV": "cat:cs.AI OR cat:cs.CV",
    "cs.AI, cs.CL, cs.LG": "cat:cs.AI OR cat:cs.CL OR cat:cs.LG",
    "cs.AI,cs.CL": "cat:cs.AI OR cat:cs.CL",
    "cat:cs.AI,cs.CL": "cat:cs.AI OR cat:cs.CL",
    "cat:cs,math": "cat:cs.* OR cat:math.*",
    "cs.AI; cs.CL and cs.LG": "cat:cs.AI OR cat:cs.CL OR cat:cs.LG",
    "cs.AI/cs.CL": "cat:cs.AI OR cat:cs.CL",
    "cs.AI|cs.CL": "cat:cs.AI OR cat:cs.CL",
    "#cs.AI #cs.CL": "cat:cs.AI OR cat:cs.CL",
    "cs.AI cs.CL LLM": "(cat:cs.AI OR cat:cs.CL) AND LLM",
    "LLM cs.AI cs.CL -survey": "LLM AND (cat:cs.AI OR cat:cs.CL) ANDNOT survey",
    "cat:cs.AI AND cat:cs.CL": "cat:cs.AI AND cat:cs.CL",
    "cs.AI -cs.CL": "cat:cs.AI ANDNOT cat:cs.CL",
    "cs.*": "cat:cs.*",
    "CS.*": "cat:cs.*",
    "cs": "cat:cs.*",
    "math": "cat:math.*",
    "math physics": "cat:math.* OR cat:physics.*",
    "math reasoning": '"math" AND reasoning',
    "q-bio LLM": "cat:q-bio.* AND LLM",
    "hep-*": "cat:hep-ex OR cat:hep-lat OR cat:hep-ph OR cat:hep-th",
    "cat:hep-*": "cat:hep-ex OR cat:hep-lat OR cat:hep-ph OR cat:hep-th",
    "cat:eess.*": "cat:eess.*",
    "cat:eess.[S]": None,
    "cs_CL": "cat:cs.CL",
    "cs-CL": "cat:cs.CL",
    "cs:CL": "cat:cs.CL",
    "cs.CL.": "cat:cs.CL",
    "2007.10909 2401.00001": "id:2007.10909 OR id:2401.00001",
    "id_list:2007.10909,2401.00001": "id:2007.10909 OR id:2401.00001",
    "url:https://arxiv.org/abs/2007.10909": "id:2007.10909",
    "doi:10.48550/arXiv.2007.10909": "id:2007.10909",
    # Fields of others.
    "intitle:diffusion": "ti:diffusion",
    "allintitle: diffusion model": "ti:diffusion AND ti:model",
    "inabstract:detr": "abs:detr",
    "author:Hinton": "au:Hinton",
    'source:"Phys. Rev."': 'jr:"Phys. Rev."',
    "subject:cs.CL": "cat:cs.CL",
    "subjects:(cs.CL cs.LG)": "cat:cs.CL OR cat:cs.LG",
    "journal_ref:Nature": "jr:Nature",
    "keyword:LLM": "LLM",
    "제목:diffusion 저자:Ho": "ti:diffusion AND au:Ho",
    "site:arxiv.org diffusion filetype:pdf": "diffusion",
    # Quotation marks.
    "„diffusion model“": '"diffusion model"',
    "«diffusion model»": '"diffusion model"',
    "「diffusion model」": '"diffusion model"',
    "ti:“diffusion model”": 'ti:"diffusion model"',
    "'diffusion model'": '"diffusion model"',
    "ti:‘diffusion model’": 'ti:"diffusion model"',
    "Moore's law": '"Moore\'s" AND law',
    'abs:"semantic parsing" AND "abs:parsers"': 'abs:"semantic parsing" AND abs:parsers',
    '"cat:cs.CL AND ti:diffusion"': "cat:cs.CL AND ti:diffusion",
    # As other engines have it.
    "[ti:diffusion] {cat:cs.CL}": "ti:diffusion AND cat:cs.CL",
    "TITLE(diffusion model)": "ti:diffusion AND ti:model",
    'TITLE-ABS-KEY("diffusion model") AND AUTHOR(Ho)': '"diffusion model" AND au:Ho',
    "TI=(diffusion) AND AU=(Ho)": "ti:diffusion AND au:Ho",
    "LLM + agents": "LLM AND agents",
    "LLM / VLM": "LLM OR VLM",
    "arXiv:cs.CL": "cat:cs.CL",
    "cat cs.CL": "cat:cs.CL",
    "cat:cs.CV+OR+cat:cs.LG+OR+cat:cs.CL": "cat:cs.CV OR cat:cs.LG OR cat:cs.CL",
    "all:%22LLM%22+AND+all:%22agent*%22": "all:LLM AND all:agent*",
    "image segmentation AND (cat:cs.CV OR cat:stat.ML)":
        "image AND segmentation AND (cat:cs.CV OR cat:stat.ML)",
    # Exactly so.
    "ti:=transformers": "ti:=transformers",
    'ti:="diffusion models"': 'ti:="diffusion models"',
    '="diffusion models" =LLM': '="diffusion models" AND =LLM',
    # Names.
    "au:He, K.": 'au:"He, K"',
    "au:He K": 'au:"He K"',
    "au:He,Kaiming": 'au:"He,Kaiming"',
}  # fmt: skip

REFUSED = {
    "by Kaiming He": errors.QueryByName,
    "papers by Yann LeCun": errors.QueryByName,
    "by Hinton": errors.QueryByName,
    "diffusion by Kaiming He": errors.QueryByName,
    "all papers": errors.QueryNoTopic,
    "everything": errors.QueryNoTopic,
    "모든 논문": errors.QueryNoTopic,
    "all papers in cs.CL": errors.QueryNoTopic,
    "diffusion, transformers": errors.QueryComma,
    "ti:a,b": errors.QueryComma,
    "au:Hinton; au:LeCun": errors.QueryComma,
    "diffusion、model": errors.QueryComma,
    ">20240101": errors.QueryDates,
    "LLM >=2024": errors.QueryDates,
    "LLM PY=2024": errors.QueryDates,
    "10.1103/PhysRevLett.116.061102": errors.QueryAddress,
    '"machine learning"[Title/Abstract]': errors.QueryPattern,
    "diffusion[MeSH Terms]": errors.QueryPattern,
    "affiliation:DeepMind": errors.QueryUnknownField,
    "LLM 2024-01-01": errors.QueryDates,
    "submittedDate:[202401010000 TO 202402010000]": errors.QueryDates,
    "lastUpdatedDate:[20240101 TO *]": errors.QueryDates,
    "LLM since:2024": errors.QueryDates,
    "year:2024": errors.QueryDates,
    "before:2024-01-01": errors.QueryDates,
    "2020..2024": errors.QueryDates,
    "cat_primary:cs.CL": errors.QueryPrimary,
    "primary_cat:cs.CL": errors.QueryPrimary,
    "@karpathy": errors.QueryHandle,
    "<@123456789012345678>": errors.QueryHandle,
    "diffusion NEAR model": errors.QueryNear,
    "diffusion NEAR/5 model": errors.QueryNear,
    "transformer~": errors.QueryFuzzy,
    '"diffusion model"~3': errors.QueryFuzzy,
    "model~0.8": errors.QueryFuzzy,
    "organi?ation": errors.QueryBadWildcard,
    "trans*mer": errors.QueryBadWildcard,
    "*former": errors.QueryBadWildcard,
    r"\bllm\b": errors.QueryPattern,
    "[Ll]LM": errors.QueryPattern,
    "^llm": errors.QueryPattern,
    "llm$": errors.QueryPattern,
    "/llm/i": errors.QueryPattern,
    "diffusion.+model": errors.QueryPattern,
    "diffusion[ti]": errors.QueryPattern,
    "https://openreview.net/group?id=ICLR": errors.QueryAddress,
    "https://example.org": errors.QueryAddress,
    "site:openreview.net diffusion": errors.QueryAddress,
    "inurl:pdf": errors.QueryAddress,
    "doi:10.1103/PhysRevLett.116.061102": errors.QueryAddress,
    "survey 제외": errors.QueryWithout,
    "diffusion - survey": errors.QueryWithout,
    "cs.CL except survey": errors.QueryWithout,
    "diffusion excluding surveys": errors.QueryWithout,
    "diffusion w/o survey": errors.QueryWithout,
    "diffusion – survey": errors.QueryWithout,
    "category: machine learning": errors.QueryUnknownCategoryMeant,
    "property:refereed": errors.QueryUnknownField,
    "cs.NLP": errors.QueryUnknownCategoryMeant,
    "cs.ML": errors.QueryUnknownCategoryMeant,
    "cat:NLP": errors.QueryUnknownCategoryMeant,
    "stat.AI": errors.QueryUnknownCategoryMeant,
    "au:Kaiming He": errors.QueryNameOpen,
    "au:He, Kaiming": errors.QueryNameOpen,
    "au:van der Maaten": errors.QueryNameOpen,
    "au:김민지": errors.QueryNameScript,
    "0808.05394": errors.QueryBadIdMeant,
    "diffusion AND": errors.QueryTermMissing,
    "diffusion and": errors.QueryTermMissing,
    "or diffusion": errors.QueryTermMissing,
    "diffusion |": errors.QueryTermMissing,
    'ti:"diffusion': errors.QueryQuoteOpen,
    "(diffusion": errors.QueryParenthesisOpen,
    "diffusion)": QueryError,
    "→": errors.QueryNothingInTerm,
    "": errors.QueryEmpty,
    "\u200b": errors.QueryEmpty,
    "Attention: all you need": errors.QueryUnknownField,
    "x" * 4000: errors.QueryTooLong,
}


@pytest.mark.parametrize(("typed", "read"), AS_MEANT.items(), ids=range(len(AS_MEANT)))
def test_what_is_read_as_meant(typed: str, read: str | None) -> None:
    if read is None:
        with pytest.raises(QueryError):
            parse(typed)
        return
    assert understood(parse(typed)) == read
    assert parse(read) == parse(typed)


@pytest.mark.parametrize(("typed", "error"), REFUSED.items(), ids=range(len(REFUSED)))
def test_what_is_refused(typed: str, error: type[QueryError]) -> None:
    with pytest.raises(QueryError) as caught:
        parse(typed)
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cat:NLP", "cs.CL"),
        ("cs.NLP", "cs.CL"),
        ("cat:ML", "cs.LG, stat.ML"),
        ("cs.ML", "cs.LG, stat.ML"),
        ("cat:AI", "cs.AI"),
        ("cat:CV", "cs.CV"),
        ("stat.AI", "cs.AI"),
        ("cat:quantum", "quant-ph"),
        ("cat:robotics", "cs.RO"),
        ("cat:자연어처리", "cs.CL"),
        ("cat:statistics", "stat.*"),
        ("cat:crypto", "cs.CR"),
        ("cat:astro", "astro-ph.*"),
        ("cat:hep", "hep-ph, hep-th, hep-ex, hep-lat"),
        ("cs.HCI", "cs.HC"),
        ("cat:RL", "cs.LG, cs.AI"),
        ("category: machine learning", "cs.LG, stat.ML"),
        ("cat:natural language processing LLM", "cs.CL"),
    ],
)
def test_categories_are_offered_by_what_people_call_them(typed: str, meant: str) -> None:
    with pytest.raises(errors.QueryUnknownCategoryMeant) as caught:
        parse(typed)
    assert caught.value.params["suggestion"] == meant


@pytest.mark.parametrize(
    "typed", ["learning by example", "Learning to See by Looking at Noise", "attention is all"]
)
def test_ordinary_words_are_no_plain_speech(typed: str) -> None:
    assert understood(parse(typed)).replace(" AND ", " ").replace('"', "") == typed


def test_plain_speech_is_refused_with_the_form_that_works() -> None:
    with pytest.raises(errors.QueryByName) as by:
        parse("papers by Kaiming He")
    assert by.value.params["name"] == "Kaiming He"
    with pytest.raises(errors.QueryNoTopic) as every:
        parse("all papers in cs.CL")
    assert every.value.params["form"] == "cat:cs.CL"


@given(st.text(st.sampled_from('a.B-cs CL|&!,;:"()=+#@~?*%20[]/<>not 그리고'), max_size=40))
def test_any_text_is_read_or_refused(typed: str) -> None:
    try:
        query = parse(typed)
    except QueryError:
        return
    assert parse(understood(query)) == query


@given(st.sampled_from([one for one, read in AS_MEANT.items() if read and "://" not in one]))
def test_encoded_for_an_address_it_is_the_same(typed: str) -> None:
    address = f"https://export.arxiv.org/api/query?search_query={quote(typed)}"
    assert parse(address) == parse(typed)
