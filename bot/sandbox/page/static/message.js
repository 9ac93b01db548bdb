// One message, as its reader sees it.

import { actionRow, attachment, componentsV2, embed } from "./components.js";
import { append, h, icon } from "./dom.js";
import { markdown, onlyEmoji } from "./markup.js";
import { FLAG } from "./state.js";
import { fullTime, messageTime, shortTime } from "./time.js";

const TYPE = { pinned: 6, threadCreated: 18, reply: 19, threadStarter: 21 };

/**
 * @param {object} app the page
 * @param {object} message Discord's JSON
 * @param {{grouped: boolean, pane: object, starter?: boolean}} how `grouped`: below one by the same author, without a head
 */
export function renderMessage(app, message, how) {
  const system = systemText(app, message, how);
  if (system) return h("li.system", { "data-id": message.id }, system, stamp(app, message));
  const secret = Boolean(message.flags & FLAG.private);
  const name = app.displayName(message.author);
  const element = h("li.message", {
    "data-id": message.id,
    tabindex: "-1",
    "aria-label": `${name}, ${fullTime(message.timestamp, app.names)}`,
  });
  element.classList.toggle("grouped", how.grouped);
  element.classList.toggle("private", secret);
  element.classList.toggle("mentioned", mentionsMe(app, message));
  append(element, [
    reference(app, message, how),
    how.grouped
      ? h("span.gutter-time", { "aria-hidden": "true" }, shortTime(message.timestamp, app.names))
      : h("img.avatar", { src: app.avatar(message.author), alt: "" }),
    h(
      "div.body",
      {},
      !how.grouped && head(app, message, name),
      contents(app, message, how),
      threadChip(app, message, how),
      secret && privateNote(app, message),
    ),
    toolbar(app, message, how),
  ]);
  element.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, input, textarea, select") || String(getSelection())) return;
    event.preventDefault();
    app.messageMenu(message, how.pane, { x: event.clientX, y: event.clientY });
  });
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || (event.key !== "Enter" && event.key !== "ContextMenu")) return;
    event.preventDefault();
    app.messageMenu(message, how.pane, element.querySelector(".toolbar button:last-child"));
  });
  return element;
}

function head(app, message, name) {
  return h(
    "div.head",
    {},
    h("span.author", { style: { color: app.nameColour(message.author) }, dir: "auto" }, name),
    message.author.bot && h("span.tag", {}, "APP"),
    h("time", { datetime: message.timestamp, title: fullTime(message.timestamp, app.names) }, messageTime(message.timestamp, app.names)),
  );
}

const stamp = (app, message) => h("time", { datetime: message.timestamp }, messageTime(message.timestamp, app.names));

function contents(app, message, how) {
  if (message.flags & FLAG.thinking) {
    return h("div.content.thinking", { role: "status" }, h("span.dots", { "aria-hidden": "true" }, h("i"), h("i"), h("i")), `${app.displayName(message.author)} is thinking…`);
  }
  const act = app.actions(message, how.pane);
  const parts = [];
  if (message.content) {
    const text = h("div.content", { dir: "auto" }, markdown(message.content, app.names));
    text.classList.toggle("jumbo", onlyEmoji(message.content));
    if (message.edited_timestamp) {
      text.append(h("span.edited", { title: fullTime(message.edited_timestamp, app.names) }, " (edited)"));
    }
    parts.push(text);
  }
  for (const one of message.embeds ?? []) if (!(message.flags & FLAG.noEmbeds)) parts.push(embed(one, app));
  if (message.flags & FLAG.v2) parts.push(componentsV2(message.components ?? [], app, act));
  else for (const row of message.components ?? []) parts.push(actionRow(row, app, act));
  if (!(message.flags & FLAG.v2)) for (const file of message.attachments ?? []) parts.push(attachment(file));
  if (message.reactions?.length) parts.push(reactions(message.reactions));
  return parts;
}

const reactions = (list) =>
  h("div.reactions", {}, list.map((one) => h(one.me ? "span.reaction.mine" : "span.reaction", {}, one.emoji.name, " ", h("b", {}, String(one.count)))));

/** What stands above a message: the one it answers, or the command that it answers. */
function reference(app, message, how) {
  if (message.type === TYPE.reply) {
    const to = message.referenced_message;
    const jump = () => to && how.pane.jump(to.id);
    return h(
      "div.reference",
      {},
      to
        ? [
            h("img.tiny-avatar", { src: app.avatar(to.author), alt: "" }),
            h("b", {}, app.displayName(to.author)),
            h("button.plain", { type: "button", onClick: jump, dir: "auto" }, snippet(to)),
          ]
        : h("i", {}, "Original message was deleted"),
    );
  }
  const cause = message.interaction ?? message.interaction_metadata;
  const user = cause?.user;
  if (!user || !cause.name) return null;
  return h(
    "div.reference",
    {},
    h("img.tiny-avatar", { src: app.avatar(user), alt: "" }),
    h("b", {}, app.displayName(user)),
    " used ",
    h("span.command-name", {}, cause.type === 2 && !/^[A-Z]/.test(cause.name) ? `/${cause.name}` : cause.name),
  );
}

/** A message in a few words. */
export function snippet(message) {
  const words = [];
  const walk = (component) => {
    if (component.type === 10) words.push(component.content);
    for (const child of component.components ?? []) walk(child);
  };
  if (message.content) words.push(message.content);
  for (const one of message.embeds ?? []) words.push(one.title ?? "", one.description ?? "");
  for (const component of message.components ?? []) walk(component);
  const text = words.join(" ").replace(/\[([^\]]*)\]\(<?[^)\s]*>?\)/g, "$1").replace(/[*_~|`#>]+/g, "").replace(/\s+/g, " ").trim();
  return text.slice(0, 140) || (message.attachments?.length ? "📎 Attachment" : "Message");
}

function systemText(app, message) {
  const who = h("b", {}, app.displayName(message.author));
  if (message.type === TYPE.threadCreated) {
    const id = message.message_reference?.channel_id;
    return [icon("thread"), " ", who, " started a thread: ", h("button.plain.link", { type: "button", onClick: () => app.openThread(id) }, message.content), " "];
  }
  if (message.type === TYPE.pinned) return [who, " pinned a message to this channel. "];
  return null;
}

export const isThreadStarter = (message) => message.type === TYPE.threadStarter;

function mentionsMe(app, message) {
  const me = app.state.me;
  return message.author.id !== me.id && (message.mention_everyone || (message.mentions ?? []).some((user) => user.id === me.id));
}

function threadChip(app, message, how) {
  const thread = app.state.places.get(message.id);
  if (!thread || how.starter) return null;
  const number = thread.message_count ?? 0;
  return h(
    "button.thread-chip",
    { type: "button", onClick: () => app.openThread(thread.id) },
    h("span.thread-name", { dir: "auto" }, thread.name),
    h("span.thread-count", {}, `${number} ${number === 1 ? "Message" : "Messages"} ›`),
  );
}

function privateNote(app, message) {
  return h(
    "div.private-note",
    {},
    icon("eye"),
    "Only you can see this · ",
    h("button.plain.link", { type: "button", onClick: () => app.dismiss(message) }, "Dismiss message"),
  );
}

function toolbar(app, message, how) {
  const more = h("button", { type: "button", "aria-label": "More", title: "More", "aria-haspopup": "menu" }, icon("more"));
  more.addEventListener("click", () => app.messageMenu(message, how.pane, more));
  const canReply = !(message.flags & (FLAG.private | FLAG.thinking));
  const reply = h("button", { type: "button", "aria-label": "Reply", title: "Reply", onClick: () => how.pane.composer?.replyTo(message) }, icon("reply"));
  return h("div.toolbar", { role: "group", "aria-label": "Message actions" }, canReply && how.pane.composer && reply, more);
}
