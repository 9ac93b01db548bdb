// The message box: text, replies, and slash commands with their options and suggestions.

import { fixedChoices, matching, read, valueOf } from "./command.js";
import { append, h, icon } from "./dom.js";
import { Suggestions } from "./suggestions.js";

const MOST = 2000;
const DEBOUNCE = 200;
let serial = 0;

export class Composer {
  /** @param {object} app the page @param {object} place the channel it writes to @param {() => void} onSend */
  constructor(app, place, onSend) {
    this.app = app;
    this.onSend = onSend;
    this.place = place;
    this.picked = new Map(); // option name -> the choice that was picked
    this.offered = new Map(); // option name -> the choices the bot gave last
    this.dismissed = false;
    this.reply = null;
    this.fetched = { key: "", choices: [] };
    this.build();
    this.loadCommands();
  }

  build() {
    const id = `composer-${++serial}`;
    this.listId = `${id}-list`;
    const sign = this.place.type === 1 ? "@" : this.place.thread_metadata ? "" : "#";
    const prompt = `Message ${sign}${this.place.name}`;
    this.backdrop = h("div.backdrop", { "aria-hidden": "true" });
    this.box = h("textarea", {
      rows: 1,
      placeholder: prompt,
      "aria-label": prompt,
      "aria-autocomplete": "list",
      "aria-controls": this.listId,
      dir: "auto",
      autocomplete: "off",
      spellcheck: "false",
      onInput: () => this.changed(),
      onKeydown: (event) => this.key(event),
      onKeyup: (event) => event.key.startsWith("Arrow") && this.update(),
      onClick: () => this.update(),
      onScroll: () => (this.backdrop.scrollTop = this.box.scrollTop),
    });
    this.list = new Suggestions(this.app, this.box, this.listId, (item) => this.pick(item));
    this.error = h("div.composer-error", { role: "alert" });
    this.replyBar = h("div.reply-bar", { hidden: true });
    this.optionBar = h("div.option-bar", { hidden: true });
    this.counter = h("span.counter", { "aria-live": "polite" });
    this.element = h(
      "form.composer",
      { onSubmit: (event) => (event.preventDefault(), this.send()) },
      this.list.element,
      this.error,
      this.replyBar,
      h(
        "div.box",
        {},
        h("div.field", {}, this.backdrop, this.box),
        this.counter,
        h("button.send", { type: "submit", "aria-label": "Send" }, icon("send")),
      ),
      this.optionBar,
    );
  }

  async loadCommands() {
    this.leaves = await this.app.commandsOf(this.place.id).catch(() => []);
    this.update();
    return this.leaves;
  }

  focus() {
    this.box.focus({ preventScroll: true });
  }

  replyTo(message) {
    this.reply = { message, ping: true };
    const ping = h("button.ping", { type: "button", "aria-pressed": "true", title: "Whether they are notified" }, "@ On");
    ping.addEventListener("click", () => {
      this.reply.ping = !this.reply.ping;
      ping.textContent = this.reply.ping ? "@ On" : "@ Off";
      ping.setAttribute("aria-pressed", String(this.reply.ping));
    });
    const cancel = h("button.plain", { type: "button", "aria-label": "Cancel the reply", onClick: () => this.endReply() }, icon("close"));
    this.replyBar.replaceChildren(h("span", {}, "Replying to ", h("b", {}, this.app.displayName(message.author))), ping, cancel);
    this.replyBar.hidden = false;
    this.focus();
  }

  endReply() {
    this.reply = null;
    this.replyBar.hidden = true;
  }

  set(text, caret = text.length) {
    this.box.value = text;
    this.box.setSelectionRange(caret, caret);
    this.changed();
  }

  changed() {
    this.error.textContent = "";
    this.dismissed = false;
    this.list.active = -1;
    this.update();
  }

  // ------------------------------------------------------------------ what is shown

  update() {
    const text = this.box.value;
    this.reading = read(text, this.box.selectionStart, this.leaves ?? []);
    this.paint(text);
    const left = MOST - [...text].length;
    this.counter.textContent = !this.reading && left < 200 ? String(left) : "";
    this.counter.classList.toggle("over", left < 0);
    this.grow();
    this.suggest();
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 240)}px`;
  }

  /** The text again behind the box, with the command and its options marked. */
  paint(text) {
    const reading = this.reading;
    this.box.classList.toggle("command", Boolean(reading?.command));
    if (!reading?.command) {
      this.backdrop.replaceChildren();
      return;
    }
    const parts = [h("span.cmd", {}, text.slice(0, reading.nameEnd))];
    let at = reading.nameEnd;
    for (const one of reading.given) {
      const bad = one.spec.required && !one.text && one !== reading.current;
      parts.push(
        text.slice(at, one.start),
        h(
          bad ? "span.pill.bad" : "span.pill",
          {},
          one.valueStart > one.start && h("span.pill-name", {}, text.slice(one.start, one.valueStart)),
          text.slice(one.valueStart, one.end),
        ),
      );
      at = one.end;
    }
    this.backdrop.replaceChildren();
    append(this.backdrop, [...parts, text.slice(at), "\u200b"]);
  }

  suggest() {
    const reading = this.reading;
    this.wanted = null;
    clearTimeout(this.timer);
    this.showOptionBar();
    if (!reading || this.dismissed) return this.list.show([], null);
    if (reading.naming !== undefined) {
      const found = this.leaves ? matching(reading.naming, this.leaves) : [];
      return this.list.show(
        found.map((leaf) => ({ kind: "command", leaf, title: leaf.label, note: leaf.description })),
        found.length ? "Commands" : null,
      );
    }
    const current = reading.current;
    if (!current) return this.list.show(this.optionItems(), reading.left.length ? "Options" : reading.command.description);
    const fixed = fixedChoices(current.spec, this.app.state);
    const heading = `${current.spec.label}: ${current.spec.description}`;
    if (fixed) {
      const typed = current.text.toLowerCase();
      const exact = fixed.some((choice) => choice.name.toLowerCase() === typed);
      return this.list.show(this.choiceItems(fixed.filter((c) => exact || c.name.toLowerCase().includes(typed))), heading);
    }
    if (current.spec.autocomplete) return this.askChoices(current, heading);
    return this.list.show([], heading);
  }

  optionItems() {
    return this.reading.left.map((spec) => ({
      kind: "option",
      spec,
      title: spec.label,
      note: spec.description,
      tag: spec.required ? "required" : "optional",
    }));
  }

  choiceItems(choices) {
    return choices.slice(0, 25).map((choice) => ({ kind: "choice", choice, title: choice.name }));
  }

  /** Ask the bot for choices as one types, after a pause, and drop answers that come too late. */
  askChoices(current, heading) {
    const others = Object.fromEntries(
      this.reading.given.filter((one) => one !== current && one.text).map((one) => [one.spec.name, one.text]),
    );
    const key = JSON.stringify([this.reading.command.name, current.spec.name, current.text, others]);
    if (this.fetched.key === key) return this.list.show(this.choiceItems(this.fetched.choices), heading);
    const command = this.reading.command.name;
    this.wanted = key;
    this.timer = setTimeout(async () => {
      const params = { channel: this.place.id, command, option: current.spec.name, typed: current.text, options: others };
      let choices = [];
      try {
        choices = (await this.app.ask("autocomplete", params)).choices;
      } catch {
        heading = "Loading options failed";
      }
      if (this.wanted !== key) return;
      this.fetched = { key, choices };
      this.asked = current.spec;
      this.offered.set(current.spec.name, choices);
      if (this.reading?.current) this.list.show(this.choiceItems(choices), heading);
    }, DEBOUNCE);
    return this.list.show(this.asked === current.spec ? this.list.items.filter((item) => item.kind === "choice") : [], heading);
  }

  showOptionBar() {
    const reading = this.reading;
    const options = reading?.command?.options ?? [];
    this.optionBar.hidden = !options.length;
    this.optionBar.replaceChildren();
    if (!options.length) return;
    append(
      this.optionBar,
      options.map((spec) => {
        const has = reading.given.some((one) => one.spec === spec);
        return h(
          has ? "button.chip.has" : "button.chip",
          { type: "button", disabled: has, title: spec.description, onClick: () => this.addOption(spec) },
          spec.label,
          spec.required && h("span.required", { "aria-label": "required" }, "*"),
        );
      }),
    );
    append(this.optionBar, h("span.hint", {}, h("kbd", {}, "Tab"), " picks or goes on · ", h("kbd", {}, "Enter"), " sends"));
  }

  // ------------------------------------------------------------------ keys

  key(event) {
    if (event.isComposing) return; // Hangul and Kana on their way: Enter belongs to the input method
    if (event.key === "Escape") {
      if (!this.list.element.hidden) {
        this.dismissed = true;
        this.list.show([], null);
      } else if (this.reply) this.endReply();
      else return;
      event.preventDefault();
      event.stopPropagation();
    } else if (this.list.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.list.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Tab" && !event.shiftKey && this.reading) {
      if (this.tab()) event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (this.list.marked) this.pick(this.list.marked);
      else this.enter();
    }
  }

  /** Pick the marked (or first) suggestion, else go on to the next option. */
  tab() {
    const current = this.reading.current;
    const done = current && this.picked.get(current.spec.name)?.name === current.text;
    if (this.list.open && !done) {
      this.pick(this.list.marked ?? this.list.items[0]);
      return true;
    }
    const next = this.reading.missing?.find((spec) => spec !== current?.spec) ?? this.reading.left?.[0];
    if (next) this.addOption(next);
    return Boolean(next);
  }

  enter() {
    const reading = this.reading;
    if (reading?.naming !== undefined) {
      const exact = this.leaves.find((leaf) => [leaf.label, leaf.name].includes(this.box.value.trim()));
      const first = exact ?? this.list.items[0]?.leaf;
      if (!first) return this.fail(`There is no command ${this.box.value.trim().split(/\s/)[0]}.`);
      if (!exact || first.options.some((spec) => spec.required)) return this.pick({ kind: "command", leaf: first });
      this.set(first.label + " ");
    }
    return this.send();
  }

  pick(item) {
    if (item.kind === "command") {
      const first = item.leaf.options.find((spec) => spec.required);
      this.set(`${item.leaf.label} ${first ? `${first.label}:` : ""}`);
    } else if (item.kind === "option") {
      this.addOption(item.spec);
    } else {
      this.pickChoice(item.choice);
    }
    this.focus();
  }

  pickChoice(choice) {
    const { current } = this.reading;
    const text = this.box.value;
    this.picked.set(current.spec.name, choice);
    const bare = current.start === current.valueStart;
    const before = text.slice(0, current.valueStart) + (bare ? `${current.spec.label}:` : "");
    const after = text.slice(current.end);
    this.set(before + choice.name + after, before.length + choice.name.length);
    const next = this.reading.missing?.[0];
    if (next) this.addOption(next);
  }

  addOption(spec) {
    const already = this.reading?.given?.find((one) => one.spec === spec);
    if (already) this.box.setSelectionRange(already.end, already.end);
    else this.set(`${this.box.value.trimEnd()} ${spec.label}:`);
    this.update();
    this.focus();
  }

  // ------------------------------------------------------------------ sending

  fail(text) {
    this.error.textContent = text;
    this.focus();
  }

  async send() {
    const text = this.box.value;
    if (!text.trim()) return;
    if (!this.leaves?.length && text.startsWith("/")) await this.loadCommands();
    const whole = this.leaves.some((leaf) => [leaf.label, leaf.name].includes(text));
    this.reading = read(whole ? `${text} ` : text, text.length, this.leaves);
    const reading = this.reading;
    if (reading?.naming !== undefined && text.length > 1) return this.enter();
    try {
      await (reading?.command ? this.run(reading) : this.say(text));
    } catch (error) {
      if (!this.box.value) this.set(text);
      this.fail(error.message);
    }
  }

  async run(reading) {
    const missing = reading.missing[0];
    if (missing) {
      this.addOption(missing);
      throw new Error(`${missing.label}: this option is required.`);
    }
    const options = {};
    for (const one of reading.given) {
      if (!one.text) continue;
      options[one.spec.name] = valueOf(one, this.picked, fixedChoices(one.spec, this.app.state) ?? this.offered.get(one.spec.name));
    }
    const params = { channel: this.place.id, command: reading.command.name, options };
    this.empty();
    this.onSend();
    await this.app.interact("slash", params);
  }

  async say(text) {
    if ([...text].length > MOST) throw new Error(`Your message is too long: at most ${MOST} characters.`);
    const reply = this.reply;
    const params = { channel: this.place.id, text };
    if (reply) Object.assign(params, { reply_to: reply.message.id, ping: reply.ping });
    this.empty();
    this.endReply();
    this.onSend();
    await this.app.ask("say", params);
  }

  empty() {
    this.picked.clear();
    this.offered.clear();
    this.fetched = { key: "", choices: [] };
    this.set("");
  }
}
