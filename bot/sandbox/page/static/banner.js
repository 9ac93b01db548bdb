// The strip above a place: what to try first, and what happened when the clock was moved.

import { append, h, icon } from "./dom.js";
import { markdown } from "./markup.js";

export class Banner {
  constructor(app) {
    this.app = app;
    this.element = h("section.banner", { role: "status", "aria-label": "What to try", hidden: true });
    this.closed = false; // the tips, until the page is loaded anew
  }

  /** The lines that a newcomer begins with, Markdown each. */
  tips(lines) {
    if (this.closed) return;
    this.show(lines.map((line) => h("li", { dir: "auto" }, markdown(line, this.app.names))), "What to try");
  }

  /** What happened: `{channel, text, thread}` each; a thread can be jumped to. */
  told(happened) {
    if (!happened.length) return;
    this.show(happened.map((one) => this.line(one)), "What happened");
  }

  line({ channel, text, thread }) {
    const { app } = this;
    const place = app.state.places.get(channel);
    const jump = thread && h("button.plain.link", { type: "button", onClick: () => app.openBeside(channel, thread) }, app.state.places.get(thread)?.name ?? "…");
    return h("li", { dir: "auto" }, place && h("b", {}, `#${place.name} `), h("span", {}, markdown(text, app.names)), jump && [" ", jump]);
  }

  show(lines, label) {
    this.element.hidden = !lines.length;
    this.element.setAttribute("aria-label", label);
    this.element.replaceChildren();
    const close = h("button.plain", { type: "button", "aria-label": "Close", onClick: () => this.close() }, icon("close"));
    append(this.element, [h("ul", {}, lines), close]);
  }

  close() {
    this.closed = true;
    this.element.hidden = true;
  }
}
