// A place that is open: its head, its messages, its message box; or a forum's posts.

import { Composer } from "./composer.js";
import { append, h, icon } from "./dom.js";
import { isThreadStarter, renderMessage, snippet } from "./message.js";
import { FLAG, KIND, isThread } from "./state.js";
import { dayLabel, relative, sameDay } from "./time.js";

const GROUP_WITHIN = 7 * 60_000;

export function placeIcon(place) {
  if (place.type === KIND.forum) return icon("forum");
  if (isThread(place)) return icon("thread");
  return icon(place.type === KIND.dm ? "at" : "text");
}

export class Pane {
  /** @param {object} app the page @param {"main"|"side"} role */
  constructor(app, role) {
    this.app = app;
    this.role = role;
    this.place = null;
    this.shown = new Map();
    this.element = h(`section.pane.${role}`, { "aria-label": role === "side" ? "Thread" : "Channel" });
  }

  async open(place) {
    this.place = place;
    this.starter = null;
    this.posts = [];
    this.shown.clear();
    this.composer = null;
    this.form = null;
    this.build();
    const answer = await this.app.ask("open", { channel: place.id }).catch((error) => ({ error }));
    if (this.place?.id !== place.id) return;
    if (answer.error) {
      this.list.replaceChildren(h("li.system", {}, answer.error.message));
      return;
    }
    this.starter = answer.starter ?? null;
    this.posts = answer.posts ?? [];
    this.app.state.messages.set(place.id, new Map((answer.messages ?? []).map((one) => [one.id, one])));
    this.render();
    // A thread that was never looked at is read from its beginning, everything else from its end.
    const fresh = isThread(place) && !this.app.state.seen.has(place.id);
    if (fresh) this.scroller.scrollTop = 0;
    else if (!this.isForum) this.toEnd();
    this.atEnd = !this.isForum && this.fromEnd() < 80;
    this.app.state.seen.add(place.id);
  }

  close() {
    this.place = null;
    this.resized?.disconnect();
    this.element.replaceChildren();
    this.shown.clear();
  }

  get isForum() {
    return this.place?.type === KIND.forum;
  }

  build() {
    const { place } = this;
    this.title = h("h2", { dir: "auto" });
    this.topic = h("div.topic", { dir: "auto" });
    this.list = h("ol.messages", { "aria-label": `Messages in ${place.name}` });
    this.scroller = h("div.scroller", { tabindex: "0", role: "log", "aria-live": "polite" }, this.list);
    this.atEnd = true;
    this.scroller.addEventListener("scroll", () => (this.atEnd = this.fromEnd() < 80));
    this.resized?.disconnect();
    this.resized = new ResizeObserver(() => this.atEnd && this.toEnd());
    this.resized.observe(this.scroller);
    this.resized.observe(this.list);
    if (!this.isForum) this.composer = new Composer(this.app, place, () => this.toEnd());
    const back = h("button.plain.burger", { type: "button", "aria-label": "Channels", onClick: () => this.app.toggleSidebar() }, icon("menu"));
    const shut = h("button.plain", { type: "button", "aria-label": "Close the thread", onClick: () => this.app.closeSide() }, icon("close"));
    this.element.replaceChildren();
    append(this.element, [
      h("header.pane-head", {}, this.role === "main" && back, placeIcon(place), this.title, this.topic, this.role === "side" && shut),
      this.scroller,
      this.composer?.element ?? null,
    ]);
    this.renderHead();
  }

  renderHead() {
    const parent = this.app.state.places.get(this.place.parent_id);
    this.title.replaceChildren();
    const crumb = isThread(this.place) && parent && this.role === "main";
    append(this.title, [crumb && h("button.plain.crumb", { type: "button", onClick: () => this.app.openPlace(parent.id) }, parent.name, " ›"), " ", this.place.name]);
    this.topic.textContent = this.place.topic ?? "";
  }

  // ------------------------------------------------------------------ messages

  render() {
    if (!this.place) return;
    this.place = this.app.state.places.get(this.place.id) ?? this.place;
    this.renderHead();
    if (this.isForum) return this.renderForum();
    const items = this.items();
    const keep = new Set(items.map((item) => item.key));
    for (const [key, element] of this.shown) {
      if (!keep.has(key)) {
        element.remove();
        this.shown.delete(key);
      }
    }
    let before = null;
    for (const item of items) {
      let element = this.shown.get(item.key);
      if (!element) {
        element = item.make();
        this.shown.set(item.key, element);
      }
      const next = before ? before.nextSibling : this.list.firstChild;
      if (element !== next) this.list.insertBefore(element, next);
      before = element;
    }
    if (this.atEnd) this.toEnd();
  }

  /** What stands in the list, each with a key that changes when it must be made anew. */
  items() {
    const { app } = this;
    const items = [{ key: "welcome", make: () => this.welcome() }];
    if (this.starter) items.push(this.item(this.starter, false, true));
    let last = null;
    for (const message of app.state.messagesOf(this.place.id)) {
      if (this.starter && (isThreadStarter(message) || message.id === this.starter.id)) continue;
      if (!last || !sameDay(last.timestamp, message.timestamp)) {
        items.push({ key: `day ${message.timestamp.slice(0, 10)} ${message.id}`, make: () => h("li.day", {}, h("span", {}, dayLabel(message.timestamp, app.names))) });
        last = null;
      }
      items.push(this.item(message, groups(last, message), message.id === this.place.id));
      last = message;
    }
    return items;
  }

  item(message, grouped, starter) {
    const thread = this.app.state.places.get(message.id);
    const day = this.app.state.time.toISOString().slice(0, 10); // "today" changes how times read
    return {
      key: JSON.stringify([message, grouped, starter, thread?.name, thread?.message_count, day]),
      make: () => renderMessage(this.app, message, { grouped, starter, pane: this }),
    };
  }

  fromEnd() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
  }

  toEnd() {
    this.atEnd = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  welcome() {
    const { place } = this;
    if (isThread(place)) return h("li.welcome", {}, h("h3", { dir: "auto" }, place.name));
    if (place.type === KIND.dm) return h("li.welcome", {}, h("h3", {}, place.name), `This is the beginning of your direct messages with ${place.name}.`);
    return h("li.welcome", {}, h("h3", {}, `Welcome to #${place.name}!`), `This is the start of the #${place.name} channel.`);
  }

  jump(id) {
    const element = this.list.querySelector(`[data-id="${CSS.escape(id)}"]`);
    element?.scrollIntoView({ block: "center" });
    element?.classList.add("flash");
    setTimeout(() => element?.classList.remove("flash"), 1500);
  }

  // ------------------------------------------------------------------ forum

  async refreshForum() {
    const answer = await this.app.ask("open", { channel: this.place.id }).catch(() => null);
    if (!answer || !this.isForum) return;
    this.posts = answer.posts ?? [];
    this.renderForum();
  }

  renderForum() {
    const { app } = this;
    const tags = new Map((this.place.available_tags ?? []).map((tag) => [tag.id, tag]));
    const row = (post) => {
      const thread = app.state.places.get(post.id);
      if (!thread) return null;
      const marks = (thread.applied_tags ?? []).map((id) => h("span.chip", {}, tags.get(id)?.emoji_name, " ", tags.get(id)?.name ?? "tag"));
      return h(
        "li.post",
        {},
        h(
          "button",
          { type: "button", onClick: () => app.openThread(post.id) },
          marks.length > 0 && h("div.post-tags", {}, marks),
          h("div.post-title", { dir: "auto" }, thread.name),
          post.starter && h("div.post-text", { dir: "auto" }, h("b", {}, app.displayName(post.starter.author) + ": "), snippet(post.starter)),
          h("div.post-meta", {}, `💬 ${thread.message_count ?? 0} · ${relative(new Date(post.last_at), app.names)}`),
        ),
      );
    };
    this.list.className = "messages posts";
    for (const child of [...this.list.children]) if (child !== this.form) child.remove();
    append(this.list, [!this.form && (this.form = h("li.new-post", {}, this.newPost())), this.posts.map(row), !this.posts.length && h("li.system", {}, "There are no posts yet.")]);
  }

  newPost() {
    const title = h("input", { type: "text", placeholder: "Title", "aria-label": "Title of the post", maxlength: "100" });
    const text = h("textarea", { rows: 3, placeholder: "Enter a message…", "aria-label": "Message of the post" });
    const error = h("div.form-error", { role: "alert" });
    const form = h("form", {}, title, text, error, h("button.button.primary", { type: "submit" }, "Post"));
    const fold = h("details", {}, h("summary.button.primary", {}, "New Post"), form);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const { id } = await this.app.ask("post", { channel: this.place.id, title: title.value, text: text.value });
        fold.open = false;
        if (id) this.app.openThread(id);
      } catch (problem) {
        error.textContent = problem.message;
      }
    });
    return fold;
  }
}

function groups(last, message) {
  if (!last || last.author.id !== message.author.id || message.type !== 0 || ![0, 19, 20, 23].includes(last.type)) return false;
  if (message.interaction || message.interaction_metadata) return false;
  if ((last.flags & FLAG.private) !== (message.flags & FLAG.private)) return false;
  return new Date(message.timestamp) - new Date(last.timestamp) < GROUP_WITHIN;
}
