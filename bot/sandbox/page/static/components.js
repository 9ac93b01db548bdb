// What bots add to messages: buttons, selects, components v2, embeds, files.

import { h, icon, link, ownUrl, safeUrl } from "./dom.js";
import { markdown } from "./markup.js";
import { messageTime } from "./time.js";

const STYLE = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "premium" };

export const colour = (value) => (value === null || value === undefined ? null : `#${value.toString(16).padStart(6, "0")}`);

// ------------------------------------------------------------------ buttons and selects

/** `act(kind, customId, values)` does it and resolves when the bot has answered. */
export function actionRow(row, app, act) {
  return h("div.action-row", {}, (row.components ?? []).map((part) => control(part, app, act)));
}

function control(part, app, act) {
  return part.type === 2 ? button(part, act) : select(part, app, act);
}

function button(part, act) {
  const inside = [part.emoji?.name && h("span.emoji", {}, part.emoji.name), part.label && h("span", {}, part.label)];
  if (part.url) {
    const target = safeUrl(part.url);
    return h("a.button.link", { href: target, target: "_blank", rel: "noopener noreferrer", "aria-disabled": part.disabled }, inside, icon("external"));
  }
  const element = h(`button.button.${STYLE[part.style] ?? "secondary"}`, { type: "button", disabled: part.disabled, "data-custom-id": part.custom_id }, inside);
  element.addEventListener("click", async () => {
    element.classList.add("waiting");
    element.setAttribute("aria-busy", "true");
    try {
      await act("press", part.custom_id);
    } finally {
      element.classList.remove("waiting");
      element.removeAttribute("aria-busy");
    }
  });
  return element;
}

/** What can be chosen in a select of any kind: `{label, value, description, default}`. */
export function selectOptions(part, app) {
  const users = () => [...app.state.members.values()].map((one) => ({ label: one.name, value: one.id }));
  const roles = () => [...app.state.roles.values()].map((one) => ({ label: "@" + one.name, value: one.id }));
  const kinds = part.channel_types;
  const channels = () =>
    [...app.state.places.values()]
      .filter((one) => one.type !== 1 && (!kinds?.length || kinds.includes(one.type)))
      .map((one) => ({ label: "#" + one.name, value: one.id }));
  const make = { 5: users, 6: roles, 7: () => [...users(), ...roles()], 8: channels }[part.type];
  const chosen = new Set((part.default_values ?? []).map((one) => one.id));
  return make ? make().map((one) => ({ ...one, default: chosen.has(one.value) })) : (part.options ?? []);
}

function select(part, app, act) {
  const options = selectOptions(part, app);
  const name = part.placeholder || "Make a selection";
  if ((part.max_values ?? 1) > 1) return multiSelect(part, options, name, act);
  const element = h(
    "select.select",
    { "aria-label": name, disabled: part.disabled, "data-custom-id": part.custom_id },
    h("option", { value: "" }, name),
    options.map((one) => h("option", { value: one.value, selected: one.default }, optionText(one))),
  );
  element.addEventListener("change", () => element.value && act("choose", part.custom_id, [element.value]));
  return element;
}

export const optionText = (one) => [one.emoji?.name, one.label, one.description && `— ${one.description}`].filter(Boolean).join(" ");

function multiSelect(part, options, name, act) {
  const boxes = options.map((one) => h("input", { type: "checkbox", value: one.value, checked: Boolean(one.default) }));
  const apply = h("button.button.primary", { type: "button" }, "Choose");
  const element = h(
    "details.select.multi",
    { "data-custom-id": part.custom_id },
    h("summary", {}, name),
    options.map((one, i) => h("label", {}, boxes[i], " ", optionText(one))),
    apply,
  );
  apply.addEventListener("click", () => {
    element.open = false;
    act("choose", part.custom_id, boxes.filter((box) => box.checked).map((box) => box.value));
  });
  return element;
}

// ------------------------------------------------------------------ components v2

export function componentsV2(list, app, act) {
  return h("div.v2", {}, list.map((part) => v2(part, app, act)));
}

function v2(part, app, act) {
  const children = () => (part.components ?? []).map((child) => v2(child, app, act));
  switch (part.type) {
    case 1:
      return actionRow(part, app, act);
    case 2:
      return button(part, act);
    case 9:
      return h("div.section", {}, h("div.section-text", {}, children()), h("div.accessory", {}, v2(part.accessory, app, act)));
    case 10:
      return h("div.text-display", { dir: "auto" }, markdown(part.content, app.names));
    case 11:
      return hideable(part, picture(part.media, part.description, "thumbnail"));
    case 12:
      return h("div.gallery", {}, part.items.map((item) => hideable(item, picture(item.media, item.description, "gallery-item"))));
    case 13:
      return hideable(part, file(part.name ?? nameOf(part.file.url), part.file.url, part.size));
    case 14:
      return h(part.divider === false ? "div.gap" : "hr", { class: part.spacing === 2 ? "large" : "" });
    case 17:
      return hideable(part, h("div.container", { style: { borderLeftColor: colour(part.accent_color) ?? "" } }, children()));
    default:
      return h("div.unknown", {}, `(component of type ${part.type})`);
  }
}

function hideable(part, element) {
  if (!part.spoiler) return element;
  const cover = h("div.spoiler-block", {}, element);
  const show = h("button.button.secondary", { type: "button" }, "Spoiler");
  show.addEventListener("click", () => (cover.classList.add("revealed"), show.remove()));
  cover.append(show);
  return cover;
}

function picture(media, description, kind) {
  if (ownUrl(media.url)) return h(`img.${kind}`, { src: media.url, alt: description ?? "", title: description, loading: "lazy" });
  return h(`div.${kind}.elsewhere`, { title: "The sandbox loads nothing from elsewhere" }, link(media.url, description || "picture"));
}

const nameOf = (url) => decodeURIComponent(url.split("/").pop().split("?")[0]);

// ------------------------------------------------------------------ files and embeds

function file(name, url, size) {
  const target = safeUrl(url);
  return h(
    "div.file",
    {},
    icon("file"),
    h("div", {}, target ? h("a", { href: target, download: name }, name) : name, size != null && h("div.file-size", {}, bytes(size))),
  );
}

const bytes = (size) => (size < 1024 ? `${size} bytes` : size < 1048576 ? `${(size / 1024).toFixed(1)} KB` : `${(size / 1048576).toFixed(1)} MB`);

export function attachment(one) {
  if (one.content_type?.startsWith("image/") && ownUrl(one.url)) {
    return h("a", { href: one.url, target: "_blank" }, h("img.attached", { src: one.url, alt: one.description ?? one.filename }));
  }
  return file(one.filename, one.url, one.size);
}

export function embed(one, app) {
  const text = (value) => markdown(value, app.names);
  return h(
    "article.embed",
    { style: { borderLeftColor: colour(one.color) ?? "" } },
    one.author?.name && h("div.embed-author", {}, one.author.url ? link(one.author.url, one.author.name) : one.author.name),
    one.title && h("div.embed-title", { dir: "auto" }, one.url ? link(one.url, text(one.title)) : text(one.title)),
    one.description && h("div.embed-text", { dir: "auto" }, text(one.description)),
    one.fields?.length > 0 &&
      h(
        "div.embed-fields",
        {},
        one.fields.map((field) =>
          h(field.inline ? "div.field.inline" : "div.field", {}, h("div.field-name", { dir: "auto" }, text(field.name)), h("div", { dir: "auto" }, text(field.value))),
        ),
      ),
    one.thumbnail && picture(one.thumbnail, "", "thumbnail"),
    one.image && picture(one.image, "", "gallery-item"),
    (one.footer?.text || one.timestamp) &&
      h("div.embed-footer", {}, [one.footer?.text, one.timestamp && messageTime(one.timestamp, app.names)].filter(Boolean).join(" • ")),
  );
}
