"""Discord's Markdown, mark by mark: text in, the HTML of the nodes it makes out."""

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import Page

if TYPE_CHECKING:
    from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RENDER = """async (texts) => {
  const { markdown } = await import("/page/static/markup.js");
  const names = { locale: "en-US", now: () => new Date(1595754000000), openChannel() {},
    user: (id) => ({ 1: "Ada" })[id], channel: (id) => ({ 2: "papers" })[id] };
  return texts.map((text) => {
    const box = document.createElement("div");
    box.append(markdown(text, names));
    for (const one of box.querySelectorAll("*"))
      for (const name of one.getAttributeNames())
        if (!["href", "start"].includes(name)) one.removeAttribute(name);
    return box.innerHTML;
  });
}"""

CASES = {
    "**b** *i* _i_ __u__ ~~s~~": "<strong>b</strong> <em>i</em> <em>i</em> <u>u</u> <s>s</s>",
    "***both***": "<em><strong>both</strong></em>",
    "__**u b**__ **b *i***": "<u><strong>u b</strong></u> <strong>b <em>i</em></strong>",
    "**open": "**open",
    "2 * 3 * 4": "2 * 3 * 4",
    "snake_case_name _a_b": "snake_case_name _a_b",
    r"\*no\* \# \\": "*no* # \\",
    "`a*b*` ``x`y``": "<code>a*b*</code> <code>x`y</code>",
    "`open": "`open",
    "a\n```py\nx = 1\n```\nb": "a<pre><code>x = 1</code></pre>b",
    "```**x**```": "<pre><code>**x**</code></pre>",
    "# One\ntwo": "<h3>One</h3>two",
    "### Three": "<h5>Three</h5>",
    "#review": "#review",
    "#### four": "#### four",
    "-# small": "<div>small</div>",
    "> a\n> b\nc": "<blockquote>a<br>b</blockquote>c",
    ">>> a\n\n# b": "<blockquote>a<br><h3>b</h3></blockquote>",
    ">no": "&gt;no",
    "- a\n- b": "<ul><li>a</li><li>b</li></ul>",
    "- a\n  - b\n- c": "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
    "2. a\n3. b": '<ol start="2"><li>a</li><li>b</li></ol>',
    "- a\n1. b": '<ul><li>a</li></ul><ol start="1"><li>b</li></ol>',
    "-no 1.no": "-no 1.no",
    "[a](https://x.org/p)": '<a href="https://x.org/p">a</a>',
    "[a](<https://x.org/p>)": '<a href="https://x.org/p">a</a>',
    "[a **b**](https://x.org/(p))": '<a href="https://x.org/(p)">a <strong>b</strong></a>',
    "**[a](<https://x.org>)**": '<strong><a href="https://x.org">a</a></strong>',
    "[a](javascript:alert(1))": "[a](javascript:alert(1))",
    "[a] (b)": "[a] (b)",
    "<https://x.org/a>": '<a href="https://x.org/a">https://x.org/a</a>',
    "(see https://x.org/a).": '(see <a href="https://x.org/a">https://x.org/a</a>).',
    "yolo(https://x.org/a)도": 'yolo(<a href="https://x.org/a">https://x.org/a</a>)도',
    "https://x.org/a_(b)": '<a href="https://x.org/a_(b)">https://x.org/a_(b)</a>',
    "https://x.org/a_b_c": '<a href="https://x.org/a_b_c">https://x.org/a_b_c</a>',
    "<@1> <@!1> <@9>": "<span>@Ada</span> <span>@Ada</span> <span>@unknown-user</span>",
    "<#2> <#9>": "<button>#papers</button> <span>#unknown</span>",
    "@everyone": "<span>@everyone</span>",
    "<t:1595754000:R>": "<time>in 0 seconds</time>",
    "<t:1595750400:R>": "<time>1 hour ago</time>",
    "<t:99999999999999999>": "<time>Invalid Date</time>",
    "</paper add:1>": "<span>/paper add</span>",
    "||x||": "<span><span>x</span></span>",
    "<b>x</b> &amp; <img src=x>": "&lt;b&gt;x&lt;/b&gt; &amp;amp; &lt;img src=x&gt;",
    "a\n\nb": "a<br><br>b",
    "": "",
}


@pytest_asyncio.fixture(loop_scope="session")
async def page(open_page: "Open") -> Page:
    return await open_page()


async def test_every_mark(page: Page) -> None:
    made = await page.evaluate(RENDER, list(CASES))
    wrong = {
        text: (got, want)
        for (text, want), got in zip(CASES.items(), made, strict=True)
        if got != want
    }
    assert wrong == {}


async def test_nothing_a_person_types_hangs_or_fails(page: Page) -> None:
    marks = ["*", "_", "~~", "||", "`", "```", "[", "](", ")", "> ", "\n", "# ", "- ", "<", "\\"]
    texts = [mark * 700 for mark in marks]
    texts += [(a + "x" + b) * 300 for a in marks for b in marks]
    made = await page.evaluate(RENDER, [text[:4000] for text in texts])
    assert len(made) == len(texts)
