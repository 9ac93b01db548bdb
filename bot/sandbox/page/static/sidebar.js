// The server's channels, threads and direct messages, and who one acts as.

import { append, h } from "./dom.js";
import { placeIcon } from "./pane.js";

export class Sidebar {
  constructor(app) {
    this.app = app;
    this.nav = h("nav", { "aria-label": "Channels" });
    this.user = h("div.user-panel");
    this.name = h("h1");
    this.element = h("aside.sidebar", {}, h("header", {}, this.name), this.nav, app.clock, this.user);
  }

  render() {
    const { state } = this.app;
    this.name.textContent = state.guild?.name ?? "";
    const groups = [];
    groups.push(h("div.group", {}, "Channels"));
    for (const channel of state.channels()) groups.push(this.row(channel), this.threads(channel));
    groups.push(h("div.group", {}, "Direct messages"));
    for (const place of state.dms()) groups.push(this.row(place));
    this.nav.replaceChildren();
    append(this.nav, groups);
    this.renderUser();
  }

  threads(channel) {
    const { state } = this.app;
    const open = this.app.open();
    const rows = state
      .threadsOf(channel.id)
      .filter((thread) => !thread.thread_metadata?.archived || open.includes(thread.id))
      .map((thread) => this.row(thread, "thread"));
    return rows.length ? h("div.threads", {}, rows) : null;
  }

  row(place, kind = "channel") {
    const { state } = this.app;
    const unread = state.unread.get(place.id) ?? 0;
    const element = h(
      `button.${kind}-row`,
      { type: "button", "aria-current": this.app.open().includes(place.id) ? "page" : null, onClick: () => this.app.openPlace(place.id) },
      kind === "channel" && placeIcon(place),
      h("span", { dir: "auto" }, place.name),
      unread > 0 && h("span.badge", { "aria-label": `${unread} unread` }, String(unread)),
    );
    element.classList.toggle("unread", unread > 0);
    return element;
  }

  renderUser() {
    const { state } = this.app;
    const people = [...state.members.values()].filter((member) => !member.bot);
    const choose = h(
      "select",
      { id: "acting", onChange: () => this.app.actAs(choose.value) },
      people.map((member) => h("option", { value: member.id, selected: member.id === state.me.id }, member.name)),
    );
    this.user.replaceChildren();
    append(this.user, [
      h("img.avatar", { src: this.app.avatar(state.me), alt: "" }),
      h("div.user-text", {}, h("label", { for: "acting" }, "You act as"), choose, h("div.locale", {}, state.me.locale, state.me.note && ` · ${state.me.note}`)),
    ]);
  }
}
