// The page: puts its parts together and routes events between them.

import { Banner } from "./banner.js";
import { append, h, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { openModal } from "./modal.js";
import { Pane } from "./pane.js";
import { Sidebar } from "./sidebar.js";
import { Socket } from "./socket.js";
import { FLAG, KIND, State, isThread, leaves } from "./state.js";
import { clockText } from "./time.js";

const AVATARS = ["#5865f2", "#3ba55c", "#c9512f", "#b5407a", "#1f8a9e", "#8a5cd1", "#a66f00"];
const NARROW = matchMedia("(max-width: 800px)");

class App {
  constructor() {
    this.state = new State();
    this.names = this.state.names((id) => this.openPlace(id));
    this.clock = h("div.clock", { hidden: true });
    this.main = new Pane(this, "main");
    this.side = new Pane(this, "side");
    this.sidebar = new Sidebar(this);
    this.banner = new Banner(this);
    this.status = h("div.connection", { role: "status" });
    this.root = h("div.app", {}, this.sidebar.element, h("main", {}, this.banner.element, this.main.element, this.side.element), this.status);
    document.body.replaceChildren(this.root);
    this.socket = new Socket((event) => this.event(event), (connected) => this.connection(connected));
    this.ask = (op, params) => this.socket.ask(op, params);
    this.socket.connect(wanted().as ?? "");
    addEventListener("hashchange", () => this.fromAddress());
  }

  // ------------------------------------------------------------------ connection and events

  connection(connected) {
    this.status.textContent = connected ? "" : "Connecting…";
  }

  event({ event, data }) {
    const handle = {
      hello: () => this.hello(data),
      time: () => this.setTime(data.time),
      message: () => this.message(data, true),
      edited: () => this.message(data, false),
      deleted: () => this.gone(data),
      place: () => this.placeChanged(data),
      place_gone: () => this.placeGone(data.id),
      commands: () => this.state.commands.clear(),
      failed: () => this.notice(data.channel_id, data.text),
    }[event];
    handle?.();
  }

  hello(data) {
    this.state.hello(data);
    this.names = this.state.names((id) => this.openPlace(id));
    document.title = `${data.guild.name}: the sandbox`;
    this.renderClock();
    this.banner.tips(data.tips ?? []);
    const { at } = wanted();
    this.closeSide();
    this.openFirst(this.state.places.get(at));
  }

  /** A place, or the first one that this member can see: there may be none but the direct messages. */
  openFirst(place) {
    const first = place ?? this.state.channels()[0] ?? this.state.dms()[0];
    if (first) this.openPlace(first.id);
    else this.main.close();
    this.sidebar.render();
  }

  fromAddress() {
    const { as, at } = wanted();
    if (as && as !== this.state.me?.id) this.socket.connect(as);
    else if (at && !this.open().includes(at) && this.state.places.has(at)) this.openPlace(at);
  }

  message(message, isNew) {
    if (message.flags & FLAG.thinking) this.onThinking?.();
    this.state.put(message);
    const place = message.channel_id;
    if (isNew && !this.open().includes(place) && message.author.id !== this.state.me.id) {
      this.state.unread.set(place, (this.state.unread.get(place) ?? 0) + 1);
      this.sidebar.render();
    }
    for (const pane of this.panes()) {
      if (pane.starter?.id === message.id) pane.starter = message;
      if (pane.place?.id === place || pane.starter?.id === message.id) pane.render();
      else if (pane.isForum && this.state.places.get(place)?.parent_id === pane.place.id) pane.refreshForum();
    }
  }

  gone({ channel_id: channel, id }) {
    this.state.drop(channel, id);
    for (const pane of this.panes()) if (pane.place?.id === channel) pane.render();
  }

  placeChanged(place) {
    this.state.places.set(place.id, { ...this.state.places.get(place.id), ...place });
    this.sidebar.render();
    for (const pane of this.panes()) {
      if (pane.isForum && place.parent_id === pane.place.id) pane.refreshForum();
      else if ([place.id, place.parent_id].includes(pane.place?.id)) pane.render();
    }
  }

  placeGone(id) {
    this.state.places.delete(id);
    if (this.side.place?.id === id) this.closeSide();
    for (const thread of this.state.threadsOf(id)) this.placeGone(thread.id);
    if (this.main.place?.id === id) this.openFirst();
    this.sidebar.render();
    for (const pane of this.panes()) {
      if (pane.isForum) pane.refreshForum();
      else pane.render();
    }
  }

  // ------------------------------------------------------------------ places

  panes() {
    return [this.main, this.side].filter((pane) => pane.place);
  }

  open() {
    return this.panes().map((pane) => pane.place.id);
  }

  async openPlace(id) {
    const place = this.state.places.get(id);
    if (!place) return;
    this.root.classList.remove("sidebar-open");
    if (this.side.place && (this.side.place.id === id || this.side.place.parent_id !== id)) this.closeSide();
    this.state.unread.delete(id);
    const opened = this.main.open(place);
    history.replaceState(null, "", `#as=${this.state.me.id}&at=${id}`);
    this.sidebar.render();
    if (!NARROW.matches) this.main.composer?.focus();
    await opened;
  }

  /** Beside its channel where there is room, else in its place. */
  async openThread(id) {
    const place = this.state.places.get(id) ?? (await this.fetchPlace(id));
    if (!place) return;
    const besideParent = this.main.place?.id === place.parent_id;
    if (NARROW.matches || !besideParent) {
      await this.openPlace(id);
      return;
    }
    this.state.unread.delete(id);
    this.root.classList.add("with-side");
    const opened = this.side.open(place);
    this.sidebar.render();
    this.side.composer?.focus();
    await opened;
  }

  /** A thread with its channel beside it. */
  async openBeside(channel, thread) {
    if (!NARROW.matches && this.main.place?.id !== channel) await this.openPlace(channel);
    await this.openThread(thread);
  }

  async fetchPlace(id) {
    const answer = await this.ask("place", { channel: id }).catch(() => null);
    if (answer?.place) this.state.places.set(id, answer.place);
    return answer?.place;
  }

  closeSide() {
    this.root.classList.remove("with-side");
    this.side.close();
    if (this.state.me) this.sidebar.render();
  }

  toggleSidebar() {
    this.root.classList.toggle("sidebar-open");
  }

  actAs(id) {
    const at = this.main.place?.type === KIND.dm ? "" : this.main.place?.id;
    history.replaceState(null, "", `#as=${id}&at=${at ?? ""}`);
    this.socket.connect(id);
  }

  // ------------------------------------------------------------------ acting

  /** Commands that can be typed in a place, in the member's language. */
  async commandsOf(channel) {
    if (!this.state.commands.has(channel)) {
      const { commands } = await this.ask("commands", { channel, kind: 1 });
      if (!commands.length) return []; // the bot is not there yet: ask again the next time
      this.state.commands.set(channel, leaves(commands, this.state.me.locale));
    }
    return this.state.commands.get(channel);
  }

  /** Use a command, button, select or form; opens the form that the bot answers with. */
  async interact(op, params) {
    const { form, failed } = await this.ask(op, params); // that it failed comes as an event too
    if (form) openModal(this, form, (values) => this.submitForm(form, params.channel, values));
    return failed;
  }

  /** Resolves once the bot has the form, be it only "thinking"; rejects where it does not answer. */
  async submitForm(form, channel, values) {
    const thinking = new Promise((resolve) => (this.onThinking = resolve));
    const failed = await Promise.race([this.interact("submit", { channel, form: form.key, values }), thinking]);
    if (failed) throw new Error(failed);
  }

  actions(message, pane) {
    return async (op, customId, values) => {
      try {
        await this.interact(op, { channel: message.channel_id, message: message.id, custom_id: customId, values });
      } catch (error) {
        this.notice(pane.place.id, error.message);
      }
    };
  }

  /** A line that only this page shows, as a client does when an app does not answer. */
  notice(channel, text) {
    const messages = this.state.messages.get(channel);
    if (!messages) return;
    const newest = [...messages.keys()].reduce((a, b) => (BigInt(a) > BigInt(b) ? a : b), "0");
    const id = String(BigInt(newest) + 1n);
    messages.set(id, {
      id,
      channel_id: channel,
      type: 0,
      flags: FLAG.private,
      local: true,
      author: { ...this.state.bot, username: this.state.bot?.name ?? "App", bot: true },
      content: `❗ ${text}`,
      timestamp: this.state.time.toISOString(),
    });
    for (const pane of this.panes()) pane.render();
  }

  async dismiss(message) {
    this.state.drop(message.channel_id, message.id);
    for (const pane of this.panes()) pane.render();
    if (!message.local) await this.ask("dismiss", { channel: message.channel_id, message: message.id }).catch(() => {});
  }

  async messageMenu(message, pane, at) {
    const entries = [];
    const secret = Boolean(message.flags & FLAG.private);
    const go = (op, more) =>
      this.interact(op, { channel: message.channel_id, message: message.id, ...more }).catch((error) => this.notice(pane.place.id, error.message));
    if (!secret && pane.composer) entries.push({ label: "Reply", act: () => pane.composer.replyTo(message) });
    if (message.content) entries.push({ label: "Copy Text", act: () => navigator.clipboard?.writeText(message.content) });
    if (!secret) {
      const { commands } = await this.ask("commands", { channel: message.channel_id, kind: 3 }).catch(() => ({ commands: [] }));
      if (commands.length) entries.push({ heading: "Apps" });
      const { locale } = this.state.me;
      for (const one of commands) entries.push({ label: one.name_localizations?.[locale] ?? one.name, act: () => go("menu", { name: one.name }) });
    }
    const mine = message.author.id === this.state.me.id || this.state.me.moderator;
    if (secret) entries.push({ label: "Dismiss Message", act: () => this.dismiss(message) });
    else if (mine) entries.push({ label: "Delete Message", danger: true, act: () => go("delete", {}) });
    openMenu(at, entries);
  }

  // ------------------------------------------------------------------ names and faces

  displayName(user) {
    return this.state.members.get(user.id)?.name ?? user.global_name ?? user.username ?? "Unknown";
  }

  nameColour(user) {
    return this.state.members.get(user.id)?.colour ?? "";
  }

  /** A circle with an initial: the sandbox has no pictures. */
  avatar(user) {
    if (!user) return "data:,";
    const name = this.displayName(user);
    const colour = user.bot ? "#4752c4" : AVATARS[Number(BigInt(user.id) >> 22n) % AVATARS.length];
    const initial = user.bot ? "📄" : [...name][0].toUpperCase().replace(/[<&]/g, "");
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="20" fill="${colour}"/><text x="20" y="27" text-anchor="middle" font-family="sans-serif" font-size="19" fill="#fff">${initial}</text></svg>`;
    return `data:image/svg+xml,${encodeURIComponent(svg)}`;
  }

  // ------------------------------------------------------------------ the clock

  setTime(iso) {
    const dayBefore = this.state.time.toDateString();
    this.state.time = new Date(iso);
    this.clockFace.textContent = clockText(this.state.time, this.state.me.locale);
    if (this.state.time.toDateString() !== dayBefore) for (const pane of this.panes()) pane.render();
  }

  renderClock() {
    this.clockFace = h("time.clock-face", {}, clockText(this.state.time, this.state.me.locale));
    const step = (label, params) => h("button.chip", { type: "button", onClick: (event) => this.advance(event.currentTarget, params) }, label);
    this.clock.hidden = false;
    this.clock.replaceChildren();
    append(this.clock, [
      icon("clock"),
      this.clockFace,
      this.state.canAdvance && [step("+1 hour", { hours: 1 }), step("+1 day", { hours: 24 }), step("+1 week", { hours: 168 }), this.state.canSkip && step("Next digest", { next: true })],
    ]);
  }

  async advance(button, params) {
    button.disabled = true;
    try {
      const { told } = await this.ask("advance", params);
      for (const { thread } of told ?? []) if (thread && !this.state.places.has(thread)) await this.fetchPlace(thread);
      this.banner.told(told ?? []);
    } catch (error) {
      if (this.main.place) this.notice(this.main.place.id, error.message);
    } finally {
      button.disabled = false;
    }
  }
}

/** Who and where, from the address: `#as=ID&at=ID`. */
function wanted() {
  const params = new URLSearchParams(location.hash.slice(1));
  return { as: params.get("as") || undefined, at: params.get("at") || undefined };
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && app.side.place && !document.querySelector("dialog, .menu")) app.closeSide();
});

const app = new App();
export { app, isThread };
