// Forms that a bot opens.

import { optionText, selectOptions } from "./components.js";
import { append, h, icon } from "./dom.js";
import { markdown } from "./markup.js";

let serial = 0;

/**
 * Show a form.
 * @param {object} app the page
 * @param {object} form Discord's JSON: `title`, `components`
 * @param {(values: object) => Promise<void>} submit gets values by custom_id; rejects with what is wrong
 */
export function openModal(app, form, submit) {
  const fields = [];
  const error = h("div.form-error", { role: "alert" });
  const id = `form-${++serial}`;
  const send = h("button.button.primary", { type: "submit" }, "Submit");
  const cancel = h("button.plain.link", { type: "button" }, "Cancel");
  const close = h("button.plain.close", { type: "button", "aria-label": "Close" }, icon("close"));
  const body = h("form", { novalidate: true });
  const dialog = h("dialog.modal", { "aria-labelledby": id }, body);
  append(body, [
    h("header", {}, h("img.tiny-avatar", { src: app.avatar(app.state.bot), alt: "" }), h("h2", { id, dir: "auto" }, form.title), close),
    h("p.form-note", {}, `This form will be submitted to ${app.state.bot?.name ?? "the app"}. Do not share passwords or other sensitive information.`),
    h("div.form-fields", {}, form.components.map((part) => section(part, app, fields))),
    error,
    h("footer", {}, cancel, send),
  ]);
  const leave = () => dialog.close();
  cancel.addEventListener("click", leave);
  close.addEventListener("click", leave);
  dialog.addEventListener("close", () => dialog.remove());
  body.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = fields.map((field) => field.check()).find(Boolean);
    if (wrong) {
      error.textContent = wrong.problem;
      wrong.element.focus();
      return;
    }
    send.disabled = true;
    error.textContent = "";
    try {
      await submit(Object.fromEntries(fields.map((field) => [field.id, field.value()])));
      dialog.close();
    } catch (problem) {
      error.textContent = problem.message;
    } finally {
      send.disabled = false;
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  fields[0]?.element.focus();
  return dialog;
}

function section(part, app, fields) {
  if (part.type === 1) return part.components.map((child) => labelled(child.label, "", child, app, fields));
  if (part.type === 18) return labelled(part.label, part.description, part.component, app, fields);
  if (part.type === 10) return h("div.text-display", { dir: "auto" }, markdown(part.content, app.names));
  return null;
}

function labelled(label, description, part, app, fields) {
  const id = `field-${++serial}`;
  const make = { 4: textInput, 19: upload, 21: radios, 22: checks, 23: check }[part.type] ?? chooser;
  const field = make(part, id, app);
  const required = part.required !== false && part.type !== 23;
  field.id = part.custom_id;
  field.check = () => {
    const value = field.value();
    const empty = value === "" || (Array.isArray(value) && !value.length);
    if (required && empty) return { problem: `${label}: this is required.`, element: field.element };
    const problem = empty ? null : field.problem?.(value);
    return problem ? { problem: `${label}: ${problem}`, element: field.element } : null;
  };
  fields.push(field);
  return h(
    "div.form-field",
    {},
    h("label", { for: id, dir: "auto" }, label, required && h("span.required", { "aria-hidden": "true" }, " *")),
    description && h("div.description", { dir: "auto" }, description),
    field.shown ?? field.element,
  );
}

function textInput(part, id) {
  const long = part.style === 2;
  const element = h(long ? "textarea" : "input", {
    id,
    type: long ? null : "text",
    rows: long ? 6 : null,
    placeholder: part.placeholder,
    dir: "auto",
    "data-custom-id": part.custom_id,
    "aria-required": String(part.required !== false),
    value: part.value ?? "",
  });
  const most = part.max_length ?? 4000;
  const counter = h("span.counter", { "aria-live": "polite" });
  const count = () => {
    const length = [...element.value].length;
    counter.textContent = `${length}/${most}`;
    counter.classList.toggle("over", length > most);
  };
  element.addEventListener("input", count);
  count();
  return {
    element,
    shown: h("div.input", {}, element, counter),
    value: () => element.value,
    problem: (value) => {
      const length = [...value].length;
      if (length > most) return `at most ${most} characters, these are ${length}.`;
      if (length < (part.min_length ?? 0)) return `at least ${part.min_length} characters.`;
      return null;
    },
  };
}

function chooser(part, id, app) {
  const options = selectOptions(part, app);
  const many = (part.max_values ?? 1) > 1;
  const element = h(
    "select.select",
    { id, multiple: many, "data-custom-id": part.custom_id },
    !many && h("option", { value: "" }, part.placeholder || "Make a selection"),
    options.map((one) => h("option", { value: one.value, selected: one.default }, optionText(one))),
  );
  return { element, value: () => [...element.selectedOptions].map((one) => one.value).filter(Boolean) };
}

function boxes(part, type) {
  const name = `group-${++serial}`;
  const inputs = (part.options ?? []).map((one) => h("input", { type, name, value: one.value, checked: Boolean(one.default) }));
  const shown = h("div.choices", { role: "group" }, inputs.map((input, i) => h("label", {}, input, " ", optionText(part.options[i]))));
  return { inputs, shown };
}

function radios(part) {
  const { inputs, shown } = boxes(part, "radio");
  return { element: inputs[0], shown, value: () => inputs.find((one) => one.checked)?.value ?? "" };
}

function checks(part) {
  const { inputs, shown } = boxes(part, "checkbox");
  return { element: inputs[0], shown, value: () => inputs.filter((one) => one.checked).map((one) => one.value) };
}

function check(part, id) {
  const element = h("input", { id, type: "checkbox", checked: Boolean(part.default) });
  return { element, value: () => element.checked };
}

function upload(part, id) {
  const element = h("input", { id, type: "file", disabled: true, title: "The sandbox's page cannot upload into forms" });
  return { element, value: () => [] };
}
