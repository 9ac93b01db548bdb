// The search page: finds in an index of which only the parts are loaded that a query needs.
"use strict";
(() => {
  const SHOWN = 20;
  const WIDTH = 160;
  const { located, query } = papertakes;
  const form = document.querySelector("main form.search");
  const box = form.elements.q;
  const status = document.getElementById("status");
  const results = document.getElementById("results");
  const more = document.getElementById("more");
  const waiting = new Map();
  const parts = new Map();
  let turn = 0;

  /** Each part of the index is a script that calls this. */
  papertakes.loaded = (name, number, data) => waiting.get(`${name}-${number}`)?.(data);

  function load(name, number = 0) {
    const key = `${name}-${number}`;
    if (!parts.has(key)) {
      const part = new Promise((done, failed) => {
        waiting.set(key, done);
        const script = document.createElement("script");
        script.src = name === "index" ? "search/index.js" : `search/${key}.js`;
        script.onerror = () => failed(new Error(key));
        document.head.append(script);
      });
      part.catch(() => parts.delete(key));
      parts.set(key, part);
    }
    return parts.get(key);
  }

  /** The documents that have a term: their numbers, and whether it is in the title. */
  function* postings(line) {
    let number = 0;
    for (const step of line.slice(line.indexOf(" ") + 1).split(" ")) {
      const titled = step.endsWith("!");
      number += parseInt(titled ? step.slice(0, -1) : step, 36);
      yield [number, titled];
    }
  }

  async function having(piece, prefix) {
    const { first } = await load("index");
    let at = first.findLastIndex((term) => term <= piece);
    if (at < 0) at = 0;
    const found = new Map();
    for (; at < first.length && (first[at] <= piece || (prefix && first[at].startsWith(piece))); at++) {
      for (const line of (await load("terms", at)).split("\n")) {
        const term = line.slice(0, line.indexOf(" "));
        if (prefix ? !term.startsWith(piece) : term !== piece) continue;
        for (const [number, titled] of postings(line)) found.set(number, found.get(number) || titled);
      }
    }
    return found;
  }

  /** Numbers of documents that may hold all phrases; those with more of them in the title first. */
  async function candidates(phrases) {
    const scores = new Map();
    const wanted = phrases.flatMap(({ pieces, prefix }) =>
      pieces.map((piece, at) => [piece, prefix && at === pieces.length - 1]),
    );
    const found = await Promise.all(wanted.map(([piece, prefix]) => having(piece, prefix)));
    found.sort((a, b) => a.size - b.size);
    for (const number of found[0]?.keys() ?? []) {
      if (!found.every((one) => one.has(number))) continue;
      scores.set(number, found.filter((one) => one.get(number)).length);
    }
    return [...scores].sort(([a, left], [b, right]) => right - left || b - a).map(([number]) => number);
  }

  /** Where a text holds a phrase, or null. */
  function place(pieces, { pieces: wanted, prefix }) {
    const last = wanted.length - 1;
    for (let at = 0; at + last < pieces.length; at++) {
      const fits = wanted.every((piece, index) =>
        prefix && index === last ? pieces[at + index][0].startsWith(piece) : pieces[at + index][0] === piece,
      );
      if (fits) return [pieces[at][1], pieces[at + last][2]];
    }
    return null;
  }

  async function confirmed(number, phrases) {
    const { docs } = await load("index");
    const [address, title, day, text] = (await load("docs", Math.floor(number / docs)))[number % docs];
    const inTitle = located(title);
    const inText = located(text);
    const spots = [];
    for (const phrase of phrases) {
      const spot = place(inText, phrase);
      if (spot) spots.push(spot);
      else if (!place(inTitle, phrase)) return null;
    }
    return { address, title, day, text, spots: spots.sort((a, b) => a[0] - b[0]) };
  }

  function excerpt({ text, spots }) {
    const line = document.createElement("p");
    let at = Math.max(0, (spots[0]?.[0] ?? 0) - 40);
    if (at) at = Math.max(at, text.indexOf(" ", at) + 1 || at, 0);
    if (spots.length && at > spots[0][0]) at = spots[0][0];
    const end = Math.max(at + WIDTH, spots[0]?.[1] ?? 0);
    if (at) line.append("…");
    for (const [from, to] of spots) {
      if (from < at || to > end) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(from, to);
      line.append(text.slice(at, from), mark);
      at = to;
    }
    line.append(text.slice(at, end), end < text.length ? "…" : "");
    return line;
  }

  function row(found) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = found.address.split("/").map(encodeURIComponent).join("/");
    link.textContent = found.title;
    const time = document.createElement("time");
    time.textContent = time.dateTime = found.day;
    item.append(link, " ", time, excerpt(found));
    return item;
  }

  async function show(numbers, phrases, mine) {
    let shown = 0;
    more.hidden = true;
    results.setAttribute("aria-busy", "true");
    while (numbers.length && shown < SHOWN) {
      const found = await confirmed(numbers.shift(), phrases);
      if (mine !== turn) return;
      if (!found) continue;
      results.append(row(found));
      shown++;
    }
    results.setAttribute("aria-busy", "false");
    more.hidden = !numbers.length;
    more.onclick = () => show(numbers, phrases, mine).catch(failed);
    const count = results.children.length;
    status.textContent = count ? status.dataset.found.replace("{n}", count + (numbers.length ? "+" : "")) : status.dataset.none;
  }

  function failed() {
    status.textContent = status.dataset.failed;
  }

  async function search() {
    const mine = ++turn;
    const phrases = query(box.value);
    more.hidden = true;
    if (!phrases.length) {
      results.replaceChildren();
      status.textContent = box.value.trim() ? status.dataset.none : "";
      return;
    }
    status.textContent = status.dataset.loading;
    try {
      const numbers = await candidates(phrases);
      if (mine !== turn) return;
      results.replaceChildren();
      await show(numbers, phrases, mine);
    } catch {
      if (mine === turn) failed();
    }
  }

  let timer = 0;
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 120);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  box.value = new URLSearchParams(location.search).get("q") ?? "";
  box.focus();
  search();
})();
