"""What the site's pages say around the club's own words, by language."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "skip": "Skip to the content",
    "posts": "Weekly posts",
    "months": "By month",
    "tags": "Tags",
    "members": "Members",
    "search": "Search",
    "search.for": "Search titles, authors and takes",
    "search.needs": "Searching needs JavaScript; everything else here is plain pages.",
    "search.hint": "Words, parts of Korean words, “exact phrases”, beginnings*.",
    "search.loading": "Searching…",
    "search.none": "Nothing found.",
    "search.found": "Found: {n}",
    "search.more": "Show more",
    "search.failed": "A part of the index could not be loaded.",
    "feed": "Feed",
    "theme": "Light or dark",
    "takes": "Takes",
    "no_takes": "Nobody has written about it yet.",
    "abstract": "Abstract",
    "mentioned": "Mentioned in",
    "in_posts": "In weekly posts",
    "note": "Note",
    "discord": "Read it on Discord",
    "source": "Source",
    "papers_n": "{n} papers",
    "papers_1": "1 paper",
    "notes_n": "{n} notes",
    "notes_1": "1 note",
    "earlier": "Earlier",
    "later": "Later",
    "page": "Page {n}",
    "pages": "Pages",
    "undated": "Without a date",
    "edited": "edited",
    "all_tags": "All tags",
    "nothing": "Nothing has been written yet.",
    "made": "Made with Papertakes",
}
KOREAN: Mapping[str, str] = {
    "skip": "본문으로 건너뛰기",
    "posts": "주간 글",
    "months": "월별",
    "tags": "태그",
    "members": "멤버",
    "search": "검색",
    "search.for": "제목, 저자, 코멘트 검색",
    "search.needs": "검색에는 JavaScript가 필요해요. 나머지는 모두 일반 페이지예요.",
    "search.hint": "단어, 단어의 일부, “정확한 구절”, 앞부분*으로 찾을 수 있어요.",
    "search.loading": "찾는 중…",
    "search.none": "찾은 글이 없어요.",
    "search.found": "{n}건",
    "search.more": "더 보기",
    "search.failed": "색인의 일부를 불러오지 못했어요.",
    "feed": "피드",
    "theme": "밝게 또는 어둡게",
    "takes": "코멘트",
    "no_takes": "아직 코멘트가 없어요.",
    "abstract": "초록",
    "mentioned": "언급된 곳",
    "in_posts": "실린 주간 글",
    "note": "노트",
    "discord": "Discord에서 읽기",
    "source": "원문",
    "papers_n": "논문 {n}편",
    "papers_1": "논문 1편",
    "notes_n": "글 {n}편",
    "notes_1": "글 1편",
    "earlier": "이전",
    "later": "다음",
    "page": "{n}쪽",
    "pages": "쪽",
    "undated": "날짜 없음",
    "edited": "수정됨",
    "all_tags": "모든 태그",
    "nothing": "아직 쓴 글이 없어요.",
    "made": "Papertakes로 만들었어요",
}


class Words:
    """Calls give the text of a key; `count` that of a number of things."""

    def __init__(self, language: str) -> None:
        self._words = KOREAN if language == "ko" else ENGLISH

    def __call__(self, key: str, **values: object) -> str:
        return self._words[key].format(**values)

    def raw(self, key: str) -> str:
        """With its places left open."""
        return self._words[key]

    def count(self, key: str, number: int) -> str:
        return self(f"{key}_1" if number == 1 else f"{key}_n", n=number)
