// The list above the message box: commands, options or choices to pick from.

import { append, h } from "./dom.js";

export class Suggestions {
  /**
   * @param {object} app the page @param {HTMLElement} box what is typed into; it is told which one is marked
   * @param {(item: object) => void} pick
   */
  constructor(app, box, id, pick) {
    Object.assign(this, { app, box, id, pick });
    this.items = [];
    this.active = -1;
    this.element = h("div.suggest", { hidden: true });
  }

  get open() {
    return this.items.length > 0 && !this.element.hidden;
  }

  /** Show items (`{title, note, tag, kind}`) under a heading; nothing at all closes the list. */
  show(items, heading) {
    this.items = items;
    this.heading = heading;
    if (this.active >= items.length) this.active = -1;
    this.element.hidden = !heading && !items.length;
    this.element.replaceChildren();
    this.box.removeAttribute("aria-activedescendant");
    if (this.element.hidden) return;
    const rows = items.map((item, i) => this.row(item, i));
    append(this.element, [
      h("div.suggest-heading", { dir: "auto" }, heading),
      h("div.suggest-list", { role: "listbox", id: this.id, "aria-label": heading ?? "Suggestions" }, rows),
    ]);
    const current = rows[this.active];
    if (!current) return;
    this.box.setAttribute("aria-activedescendant", current.id);
    current.scrollIntoView({ block: "nearest" });
  }

  row(item, i) {
    const { bot } = this.app.state;
    return h(
      "div.suggestion",
      {
        role: "option",
        id: `${this.id}-${i}`,
        "aria-selected": String(i === this.active),
        onMousedown: (event) => (event.preventDefault(), this.pick(item)),
      },
      item.kind === "command" && h("img.tiny-avatar", { src: this.app.avatar(bot), alt: "" }),
      h("span.suggestion-title", { dir: "auto" }, item.title),
      item.note && h("span.suggestion-note", { dir: "auto" }, item.note),
      item.tag && h("span.suggestion-tag", {}, item.tag),
      item.kind === "command" && h("span.suggestion-app", {}, bot?.name),
    );
  }

  /** Mark the next (1) or the previous (-1) one, round and round. */
  move(step) {
    const { length } = this.items;
    this.active = this.active < 0 && step < 0 ? length - 1 : (this.active + step + length) % length;
    this.show(this.items, this.heading);
  }

  /** The one that is marked, if any. */
  get marked() {
    return this.open && this.active >= 0 ? this.items[this.active] : null;
  }
}
