// The search page: finds in an index of which only the parts are loaded that a query needs.
"use strict";
(() => {
  const SHOWN = 20;
  const WIDTH = 160;
  const { located, query, uncased } = papertakes;
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

  /** What stands in the index for a piece, or for all that begin so: `{docs, usual, forms}`. */
  async function having(piece, prefix = false) {
    const { first } = await load("index");
    let at = first.findLastIndex((term) => term <= piece);
    if (at < 0) at = 0;
    const found = { docs: new Map(), usual: piece, forms: [] };
    for (; at < first.length && (first[at] <= piece || (prefix && first[at].startsWith(piece))); at++) {
      for (const line of (await load("terms", at)).split("\n")) {
        const [head, ...steps] = line.split(" ");
        const [term] = head.split(/[<>]/);
        if (prefix ? !term.startsWith(piece) : term !== piece) continue;
        add(found.docs, steps);
        if (term !== piece) continue;
        if (head.includes(">")) found.usual = head.split(">")[1];
        if (head.includes("<")) found.forms = head.split("<")[1].split(",");
      }
    }
    return found;
  }

  /** The documents that have a term: their numbers, and whether it is in the title. */
  function add(docs, steps) {
    let number = 0;
    for (const step of steps) {
      const titled = step.endsWith("!");
      number += parseInt(titled ? step.slice(0, -1) : step, 36);
      docs.set(number, docs.get(number) || titled);
    }
  }

  /** One piece of a phrase: the documents that may have it, and whether another is meant by it. */
  async function slot(piece, prefix, exact) {
    const begun = await having(piece, prefix);
    if (exact) return { docs: begun.docs, fits: (one) => (prefix ? one.startsWith(piece) : one === piece) };
    const usual = await having(begun.usual);
    const forms = new Set([piece, begun.usual, ...usual.forms]);
    const docs = new Map(usual.docs);
    for (const [number, titled] of prefix ? begun.docs : []) docs.set(number, docs.get(number) || titled);
    return { docs, fits: (one) => forms.has(one) || (prefix && one.startsWith(piece)) };
  }

  /** What is typed as `tag:`, `#` or `by:` as terms of the index, and the words besides. */
  function parted(typed) {
    const labels = [];
    const words = typed.replace(
      /(?<=^|\s)(?:(tag|태그|by|작성자):\s*("[^"]*"|\S+)|#([^\s\d#]\S*))/giu,
      (_, name, value, tag) => {
        const said = (value ?? tag).replaceAll('"', "");
        if (/^(?:by|작성자)$/i.test(name ?? "")) labels.push(...located(said).map(([piece]) => `@${piece}`));
        else labels.push(`#${said.replace(/^#/, "").normalize("NFC").toLowerCase()}`);
        return "";
      },
    );
    return { labels, words };
  }

  /** The documents that are called what was typed, blanks or not. */
  async function called(words) {
    const key = located(words).map(([piece]) => piece).join("");
    return key ? (await having(`=${key}`)).docs : new Map();
  }

  /** Numbers of documents that may hold all phrases, with all labels: what is called so first, then
   *  those with more of the words, and rarer ones, in the title, then the newest. */
  async function candidates(phrases, labels, named) {
    const scores = new Map();
    const wanted = await Promise.all(labels.map(async (label) => (await having(label)).docs));
    for (const phrase of phrases) {
      const last = phrase.pieces.length - 1;
      phrase.slots = await Promise.all(
        phrase.pieces.map((piece, at) => slot(piece, phrase.prefix && at === last, phrase.exact)),
      );
    }
    const { count } = await load("index");
    const found = phrases.flatMap(({ slots }) => slots.map(({ docs }) => docs));
    found.sort((a, b) => a.size - b.size);
    const rarity = found.map((one) => 1 + Math.log(count / (one.size || 1)));
    for (const number of (found[0] ?? wanted[0])?.keys() ?? []) {
      if (!found.every((one) => one.has(number))) continue;
      scores.set(number, found.reduce((sum, one, at) => sum + (one.get(number) ? rarity[at] : 0), 0));
    }
    for (const number of named.keys()) scores.set(number, Infinity);
    return [...scores]
      .filter(([number]) => wanted.every((one) => one.has(number)))
      .sort(([a, left], [b, right]) => (left === right ? b - a : right - left))
      .map(([number]) => number);
  }

  /** Where a text holds a phrase, or null. */
  function place(pieces, slots) {
    const last = slots.length - 1;
    for (let at = 0; at + last < pieces.length; at++) {
      if (slots.every(({ fits }, index) => fits(pieces[at + index][0]))) return [pieces[at][1], pieces[at + last][2]];
    }
    return null;
  }

  async function confirmed(number, phrases, named) {
    const { docs } = await load("index");
    const [address, title, day, text] = (await load("docs", Math.floor(number / docs)))[number % docs];
    const asTheyStand = [located(text), located(title)];
    const inUse = [located(uncased(text)), located(uncased(title))];
    const spots = [];
    for (const { slots, exact } of phrases) {
      const ways = exact ? [asTheyStand] : [inUse, asTheyStand]; // gps is GPs, too
      const spot = ways.map(([inText]) => place(inText, slots)).find(Boolean);
      if (spot) spots.push(spot);
      else if (!named.has(number) && !ways.some(([, inTitle]) => place(inTitle, slots))) return null;
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

  async function show(numbers, phrases, named, mine) {
    let shown = 0;
    more.hidden = true;
    results.setAttribute("aria-busy", "true");
    while (numbers.length && shown < SHOWN) {
      const found = await confirmed(numbers.shift(), phrases, named);
      if (mine !== turn) return;
      if (!found) continue;
      results.append(row(found));
      shown++;
    }
    results.setAttribute("aria-busy", "false");
    more.hidden = !numbers.length;
    more.onclick = () => show(numbers, phrases, named, mine).catch(failed);
    const count = results.children.length;
    status.textContent = count ? status.dataset.found.replace("{n}", count + (numbers.length ? "+" : "")) : status.dataset.none;
  }

  function failed() {
    status.textContent = status.dataset.failed;
  }

  async function search() {
    const mine = ++turn;
    const { labels, words } = parted(box.value);
    const phrases = query(words);
    more.hidden = true;
    if (!phrases.length && !labels.length) {
      results.replaceChildren();
      status.textContent = box.value.trim() ? status.dataset.none : "";
      return;
    }
    status.textContent = status.dataset.loading;
    try {
      const named = await called(words);
      const numbers = await candidates(phrases, labels, named);
      if (mine !== turn) return;
      results.replaceChildren();
      await show(numbers, phrases, named, mine);
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
