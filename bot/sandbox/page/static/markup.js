// Discord's Markdown as DOM nodes.

import { fragment, h, link } from "./dom.js";
import { parse } from "./markdown.js";
import { timestamp, timestampTitle } from "./time.js";

/**
 * Make nodes of a text.
 * @param {string} text
 * @param {object} names who and what ids stand for: `user(id)`, `channel(id)`, `role(id)`, `locale`, `now()`,
 *   `openChannel(id)`
 */
export function markdown(text, names) {
  return render(parse(text), names);
}

export function render(nodes, names) {
  return fragment(nodes.map((node) => (typeof node === "string" ? lines(node) : MAKE[node.type](node, names))));
}

const lines = (text) => text.split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line]));
const within = (tag) => (node, names) => h(tag, {}, render(node.body, names));

const MAKE = {
  group: (node, names) => render(node.body, names),
  quote: (node, names) => h("blockquote", { dir: "auto" }, render(node.body, names)),
  heading: (node, names) =>
    h(`h${node.level + 2}.md-h${node.level}`, { dir: "auto" }, render(node.body, names)),
  subtext: (node, names) => h("div.subtext", { dir: "auto" }, render(node.body, names)),
  list: (node, names) =>
    h(
      node.ordered ? "ol" : "ul",
      node.ordered ? { start: node.start } : {},
      node.items.map((item) => h("li", { dir: "auto" }, render(item, names))),
    ),
  fence: (node) => h("pre", { tabindex: "0" }, h("code", { "data-language": node.language, dir: "ltr" }, node.text)),
  code: (node) => h("code", {}, node.text),
  strong: within("strong"),
  em: within("em"),
  underline: within("u"),
  strike: within("s"),
  spoiler: spoiler,
  link: (node, names) => {
    const made = link(node.url, render(node.body, names));
    if (made instanceof HTMLElement && (node.title || node.body[0] !== node.url)) made.title = node.title || node.url;
    return made;
  },
  user: (node, names) => h("span.mention", { "data-user": node.id }, "@" + (names.user(node.id) ?? "unknown-user")),
  role: (node, names) => h("span.mention", {}, "@" + (names.role?.(node.id) ?? "unknown-role")),
  everyone: (node) => h("span.mention", {}, node.text),
  command: (node) => h("span.mention", {}, "/" + node.name),
  emoji: (node) => h("span", { title: `:${node.name}:` }, `:${node.name}:`),
  channel: (node, names) => {
    const name = names.channel(node.id);
    if (!name) return h("span.mention", {}, "#unknown");
    return h("button.mention", { type: "button", onClick: () => names.openChannel(node.id) }, "#" + name);
  },
  time: (node, names) =>
    h(
      "time.md-time",
      { datetime: isoOrEmpty(node.at), title: timestampTitle(node.at, names) },
      timestamp(node.at, node.style, names),
    ),
};

function isoOrEmpty(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

function spoiler(node, names) {
  const body = h("span", { "aria-hidden": "true", inert: true }, render(node.body, names));
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    cover.classList.add("revealed");
    cover.removeAttribute("role");
    cover.removeAttribute("tabindex");
    cover.removeAttribute("aria-label");
    body.removeAttribute("aria-hidden");
    body.removeAttribute("inert");
    cover.removeEventListener("click", reveal);
    cover.removeEventListener("keydown", reveal);
  };
  const cover = h(
    "span.spoiler",
    { role: "button", tabindex: "0", "aria-label": "Spoiler, show", onClick: reveal, onKeydown: reveal },
    body,
  );
  return cover;
}

/** Whether a text is nothing but a few emoji, which Discord shows large. */
export function onlyEmoji(text) {
  const bare = text.replace(/\s/g, "");
  return bare.length > 0 && bare.length <= 60 && /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\u200d|\ufe0f)+$/u.test(bare) && !/^[\d#*]+$/.test(bare);
}
