// Building elements. Text always goes in as text nodes: nothing here, or anywhere on this page,
// parses what a person or a bot wrote as HTML.

/**
 * Make an element.
 * @param {string} tag e.g. "button.send" (classes after dots)
 * @param {object} [props] attributes; `on…` functions become listeners; null and false are left out
 * @param {...(Node|string|Array|null)} children
 */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2).toLowerCase(), value);
    else if (key === "style") Object.assign(element.style, value);
    else if (key === "value" || key === "checked" || key === "indeterminate") element[key] = value;
    else if (key === "class") element.classList.add(...value.split(" ").filter(Boolean));
    else element.setAttribute(key, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

export function append(parent, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
  return parent;
}

export const fragment = (...children) => append(document.createDocumentFragment(), children);

/** Only these may become the target of a link: never `javascript:`, never `data:`. */
export function safeUrl(url) {
  try {
    const parsed = new URL(url, location.href);
    return ["http:", "https:", "mailto:", "discord:"].includes(parsed.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** The sandbox has no network: a picture that is not the sandbox's own stays a link. */
export function ownUrl(url) {
  try {
    return new URL(url, location.href).origin === location.origin;
  } catch {
    return false;
  }
}

export function link(url, ...children) {
  const target = safeUrl(url);
  if (!target) return fragment(...children);
  return h("a", { href: target, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

const SVG = "http://www.w3.org/2000/svg";

/** One of the page's own line icons. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const ICONS = {
  text: "M9 3 7 21M17 3l-2 18M4 9h17M3 15h17",
  forum: "M4 4h16v11H10l-6 5zM8 8h8M8 11.500h5",
  thread: "M5 3v9a4 4 0 0 0 4 4h10M15 12l4 4-4 4",
  at: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zm0 0v1.500a2.500 2.500 0 0 0 5 0V12a9 9 0 1 0-3.500 7.100",
  reply: "M10 5 4 11l6 6M4 11h9a7 7 0 0 1 7 7v1",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6 6 18",
  menu: "M4 6h16M4 12h16M4 18h16",
  back: "M15 5l-7 7 7 7",
  send: "M4 12 20 4l-5 16-3-6z",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zm13 0a3 3 0 1 1-6 0 3 3 0 0 1 6 0z",
  file: "M6 2h8l5 5v15H6zM14 2v5h5",
  external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  clock: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM12 7v5l3 2",
};
