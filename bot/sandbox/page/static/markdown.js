// Reading Discord's Markdown. Pure: a text in, a tree out (lists of strings and {type, …}).
//
// What Discord shows as text stays text: HTML, tables, images, reference links, headings without a space.

const URL_START = /https?:\/\/[^\s<>]+/y;

/** Parse a whole message (blocks and inline marks). */
export function parse(text) {
  return blocks(text.replace(/\r\n?/g, "\n"), false);
}

// ---------------------------------------------------------------------------------- blocks

function blocks(text, quoted) {
  const out = [];
  let plain = ""; // lines of ordinary text, waiting
  let at = 0;
  const flush = (endsBefore) => {
    // The line break before or after a block element is the block's own.
    const kept = endsBefore ? plain.replace(/\n$/, "") : plain;
    if (kept) out.push(...inline(kept));
    plain = "";
  };
  while (at < text.length) {
    const block = blockAt(text, at, quoted);
    if (block) {
      flush(true);
      out.push(block.node);
      at = block.end;
      continue;
    }
    const stop = endOfLine(text, at);
    plain += text.slice(at, stop);
    at = stop;
  }
  flush(false);
  return out;
}

/** The end of the line, or the start of a fence within it; a fence is swallowed whole as inline text. */
function endOfLine(text, at) {
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline + 1;
  const fence = text.indexOf("```", at);
  if (fence >= 0 && fence < end) {
    const close = text.indexOf("```", fence + 3);
    if (close > fence + 3) {
      const after = text.indexOf("\n", close + 3);
      return after < 0 ? text.length : after + 1;
    }
  }
  return end;
}

function blockAt(text, at, quoted) {
  const line = text.slice(at, lineEnd(text, at));
  if (!quoted && line.startsWith(">>> ")) {
    return { node: { type: "quote", body: blocks(text.slice(at + 4), true) }, end: text.length };
  }
  if (!quoted && line.startsWith("> ")) return quote(text, at);
  const heading = /^(#{1,3})\s+(?=\S)/.exec(line);
  if (heading) {
    const body = inline(line.slice(heading[0].length).trimEnd());
    return { node: { type: "heading", level: heading[1].length, body }, end: nextLine(text, at) };
  }
  const small = /^-#\s+(?=\S)/.exec(line);
  if (small) {
    const body = inline(line.slice(small[0].length).trimEnd());
    return { node: { type: "subtext", body }, end: nextLine(text, at) };
  }
  return ITEM.test(line) ? list(text, at) : null;
}

function quote(text, at) {
  const lines = [];
  while (at < text.length) {
    const line = text.slice(at, lineEnd(text, at));
    if (!line.startsWith("> ") && line !== ">") break;
    lines.push(line.slice(2));
    at = nextLine(text, at);
  }
  return { node: { type: "quote", body: blocks(lines.join("\n"), true) }, end: at };
}

const ITEM = /^( *)([-*]|\d{1,9}\.) +(?=\S)/;

/** Items by indentation; a line that continues an item is indented. */
function list(text, at) {
  const rows = [];
  while (at < text.length) {
    const line = text.slice(at, lineEnd(text, at));
    const mark = ITEM.exec(line);
    if (mark) {
      const ordered = /\d/.test(mark[2]);
      rows.push({
        indent: mark[1].length,
        ordered,
        start: ordered ? parseInt(mark[2], 10) : 1,
        text: line.slice(mark[0].length),
      });
    } else if (rows.length && /^ {2,}\S/.test(line)) {
      rows[rows.length - 1].text += "\n" + line.trim();
    } else break;
    at = nextLine(text, at);
  }
  let row = 0;
  const nest = (indent) => {
    const node = { type: "list", ordered: rows[row].ordered, start: rows[row].start, items: [] };
    while (row < rows.length && rows[row].indent >= indent) {
      if (rows[row].indent > indent + 1 && node.items.length) {
        node.items[node.items.length - 1].push(nest(rows[row].indent));
      } else if (rows[row].ordered !== node.ordered) {
        break;
      } else {
        node.items.push(inline(rows[row].text));
        row += 1;
      }
    }
    return node;
  };
  const lists = [];
  while (row < rows.length) lists.push(nest(rows[row].indent));
  return { node: { type: "group", body: lists }, end: at };
}

const lineEnd = (text, at) => {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
};
const nextLine = (text, at) => Math.min(text.length, lineEnd(text, at) + 1);

// ---------------------------------------------------------------------------------- inline

const RULES = [fenced, codeSpan, escaped, angle, masked, bareUrl, everyone, styled];

export function inline(text, inLink = false) {
  const out = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    let hit = null;
    if (SPECIAL.has(text[at])) {
      for (const rule of RULES) {
        hit = rule(text, at, inLink);
        if (hit) break;
      }
    }
    if (!hit) {
      plain += text[at];
      at += 1;
    } else if (typeof hit.node === "string") {
      plain += hit.node;
      at = hit.end;
    } else {
      if (hit.node.type === "fence") plain = plain.replace(/\n$/, "");
      if (plain) out.push(plain);
      plain = "";
      out.push(hit.node);
      at = hit.end;
      if (hit.node.type === "fence" && text[at] === "\n") at += 1;
    }
  }
  if (plain) out.push(plain);
  return out;
}

const SPECIAL = new Set("`\\<[h*_~|@¯");

function fenced(text, at) {
  if (!text.startsWith("```", at)) return null;
  const close = text.indexOf("```", at + 3);
  if (close < 0) return null;
  let body = text.slice(at + 3, close);
  if (!body.trim()) return null;
  const language = /^([\w+\-.#]+)\n/.exec(body);
  if (language && body.length > language[0].length) body = body.slice(language[0].length);
  body = body.replace(/^\n+/, "").replace(/\n+$/, "");
  return { node: { type: "fence", language: language?.[1] ?? "", text: body }, end: close + 3 };
}

function codeSpan(text, at) {
  if (text[at] !== "`") return null;
  const ticks = /`+/y;
  ticks.lastIndex = at;
  const mark = ticks.exec(text)[0];
  let close = at + mark.length;
  while ((close = text.indexOf(mark, close)) >= 0) {
    const longer = text[close + mark.length] === "`" || text[close - 1] === "`";
    if (!longer) break;
    while (text[close] === "`") close += 1;
  }
  if (close < 0) return { node: mark, end: at + mark.length };
  let body = text.slice(at + mark.length, close);
  if (/^ `|` $/.test(body)) body = body.trim();
  return { node: { type: "code", text: body }, end: close + mark.length };
}

function escaped(text, at) {
  if (text.startsWith("¯\\_(ツ)_/¯", at)) return { node: "¯\\_(ツ)_/¯", end: at + 9 };
  if (text[at] !== "\\" || !/[^\p{L}\p{N}\s]/u.test(text[at + 1] ?? "")) return null;
  const rest = String.fromCodePoint(text.codePointAt(at + 1));
  return { node: rest, end: at + 1 + rest.length };
}

const ANGLE = [
  [/<@!?(\d+)>/y, (m) => ({ type: "user", id: m[1] })],
  [/<@&(\d+)>/y, (m) => ({ type: "role", id: m[1] })],
  [/<#(\d+)>/y, (m) => ({ type: "channel", id: m[1] })],
  [/<t:(-?\d{1,17})(?::([tTdDfFsSR]))?>/y, (m) => ({ type: "time", at: +m[1], style: m[2] ?? "f" })],
  [/<\/([^:>\n]{1,100}):(\d+)>/y, (m) => ({ type: "command", name: m[1] })],
  [/<a?:(\w{2,32}):(\d+)>/y, (m) => ({ type: "emoji", name: m[1] })],
  [/<((?:https?|discord):\/\/[^\s<>]+|mailto:[^\s<>]+)>/y, (m) => ({ type: "link", url: m[1], body: [m[1]] })],
];

function angle(text, at) {
  if (text[at] !== "<") return null;
  for (const [pattern, make] of ANGLE) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) return { node: make(found), end: pattern.lastIndex };
  }
  return null;
}

function masked(text, at, inLink) {
  if (text[at] !== "[" || inLink) return null;
  const labelEnd = closing(text, at, "[", "]");
  if (labelEnd < 0 || text[labelEnd + 1] !== "(") return null;
  const targetEnd = closing(text, labelEnd + 1, "(", ")");
  if (targetEnd < 0) return null;
  const label = text.slice(at + 1, labelEnd);
  const target = /^\s*<?((?:https?:\/\/|discord:\/\/|mailto:)[^\s<>]+)>?(?:\s+["'(]([^]*)["')])?\s*$/.exec(
    text.slice(labelEnd + 2, targetEnd),
  );
  // A label that is itself an address could lie about where it goes: Discord leaves it as text.
  if (!target || !label.trim() || /https?:\/\//.test(label)) return null;
  const node = { type: "link", url: target[1], title: target[2] ?? "", body: inline(label, true) };
  return { node, end: targetEnd + 1 };
}

function closing(text, at, open, close) {
  let depth = 0;
  for (let i = at; i < text.length; i += 1) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === open) depth += 1;
    else if (text[i] === close && --depth === 0) return i;
    else if (text[i] === "\n" && open === "(") return -1;
  }
  return -1;
}

function bareUrl(text, at, inLink) {
  if (text[at] !== "h" || inLink) return null;
  URL_START.lastIndex = at;
  const found = URL_START.exec(text);
  if (!found) return null;
  const url = balanced(found[0]).replace(/[.,:;"'!?\]*_~|]+$/, "");
  if (!/^https?:\/\/./.test(url)) return null;
  return { node: { type: "link", url, body: [url] }, end: at + url.length };
}

/** Up to a closing bracket that was not opened within the address: that one is the sentence's. */
function balanced(url) {
  let depth = 0;
  for (let i = 0; i < url.length; i += 1) {
    if (url[i] === "(") depth += 1;
    else if (url[i] === ")" && --depth < 0) return url.slice(0, i);
  }
  return url;
}

function everyone(text, at) {
  const found = /@(?:everyone|here)\b/y;
  found.lastIndex = at;
  const hit = found.exec(text);
  return hit && { node: { type: "everyone", text: hit[0] }, end: found.lastIndex };
}

const STYLES = [
  ["***", "strongem"],
  ["**", "strong"],
  ["__", "underline"],
  ["*", "em"],
  ["_", "em"],
  ["~~", "strike"],
  ["||", "spoiler"],
];

function styled(text, at, inLink) {
  for (const [mark, type] of STYLES) {
    if (!text.startsWith(mark, at)) continue;
    const end = styleEnd(text, at, mark);
    if (end < 0) continue;
    const body = inline(text.slice(at + mark.length, end), inLink);
    const node = type === "strongem" ? { type: "em", body: [{ type: "strong", body }] } : { type, body };
    return { node, end: end + mark.length };
  }
  return null;
}

function styleEnd(text, at, mark) {
  const start = at + mark.length;
  const letter = /[\p{L}\p{N}_]/u;
  if (mark === "_" && letter.test(text[at - 1] ?? "")) return -1;
  if (mark === "*" && /\s/.test(text[start] ?? " ")) return -1;
  for (let i = start; i < text.length; i += 1) {
    if (text[i] === "\\") {
      i += 1;
      continue;
    }
    if (!text.startsWith(mark, i) || i === start) continue;
    const run = runLength(text, i, mark[0]);
    if (mark.length === 1) {
      if (run === 2) {
        i += 1; // a pair inside belongs to bold or underline
        continue;
      }
      if (mark === "*" && /\s/.test(text[i - 1])) continue;
      if (mark === "_" && letter.test(text[i + run] ?? "")) continue;
      return i + run - 1;
    }
    return mark[0] === "*" || mark[0] === "_" ? i + run - mark.length : i;
  }
  return -1;
}

function runLength(text, at, char) {
  let end = at;
  while (text[end] === char) end += 1;
  return end - at;
}
