// A context menu: opened by right click, by the ⋯ button or from the keyboard.

import { append, h } from "./dom.js";

/**
 * @param {Element|{x: number, y: number}} at what it hangs on
 * @param {Array<{label: string, act: () => void, danger?: boolean} | {heading: string}>} entries
 */
export function openMenu(at, entries) {
  document.querySelector(".menu")?.remove();
  const before = document.activeElement;
  const menu = h("div.menu", { role: "menu" });
  const close = () => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    before?.focus?.({ preventScroll: true });
  };
  const outside = (event) => menu.contains(event.target) || close();
  const item = (entry) =>
    entry.heading
      ? h("div.menu-heading", {}, entry.heading)
      : h(entry.danger ? "button.danger" : "button", { type: "button", role: "menuitem", tabindex: "-1", onClick: () => (close(), entry.act()) }, entry.label);
  append(menu, entries.map(item));
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.body.append(menu);
  place(menu, at);
  document.addEventListener("pointerdown", outside, true);
  menu.querySelector("button")?.focus();
}

function place(menu, at) {
  const anchor = at instanceof Element ? at.getBoundingClientRect() : { left: at.x, bottom: at.y, top: at.y };
  const left = Math.min(anchor.left, innerWidth - menu.offsetWidth - 8);
  const below = anchor.bottom + menu.offsetHeight + 8 < innerHeight;
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${Math.max(8, below ? anchor.bottom : anchor.top - menu.offsetHeight)}px`;
}
