// Reading what stands in the message box as a slash command. Pure: text in, structure out.

/**
 * @typedef {{spec: object, text: string, start: number, valueStart: number, end: number}} Given
 *   an option found in the text; `start` is where its name (or bare value) begins
 */

/**
 * Read the box's text.
 * Returns null when it is no command; `{naming: "…"}` while the command's name is being typed;
 * else `{command, given: Given[], current: Given|null, missing: specs}`.
 */
export function read(text, caret, commands) {
  if (!text.startsWith("/")) return null;
  const command = commandOf(text, commands);
  if (!command) return { naming: text.slice(1).toLowerCase() };
  const given = options(text, command.end, command.leaf);
  const current = given.find((one) => caret >= one.valueStart && caret <= one.end) ?? null;
  const missing = command.leaf.options.filter((spec) => spec.required && !given.some((one) => one.spec === spec && one.text));
  const left = command.leaf.options.filter((spec) => !given.some((one) => one.spec === spec));
  return { command: command.leaf, nameEnd: command.end, given, current, missing, left };
}

function commandOf(text, commands) {
  let best = null;
  for (const leaf of commands) {
    for (const name of [leaf.label, leaf.name]) {
      const fits = text.toLowerCase().startsWith(name.toLowerCase()) && /^\s/.test(text.slice(name.length));
      if (fits && (!best || name.length > best.end)) best = { leaf, end: name.length };
    }
  }
  return best;
}

function options(text, from, leaf) {
  const marks = [];
  for (const spec of leaf.options) {
    let first = null;
    for (const name of new Set([spec.label, spec.name])) {
      const found = new RegExp(`(?<=\\s)${escape(name)}:`, "iu").exec(text.slice(from));
      if (found && (!first || found.index < first.index)) first = { index: found.index, length: found[0].length };
    }
    if (first) marks.push({ spec, start: from + first.index, valueStart: from + first.index + first.length });
  }
  marks.sort((a, b) => a.start - b.start);
  const bareEnd = marks[0]?.start ?? text.length;
  const bare = text.slice(from, bareEnd);
  const free = leaf.options.find((spec) => !marks.some((mark) => mark.spec === spec));
  if (bare.trim() && free) {
    const start = from + (bare.length - bare.trimStart().length);
    marks.unshift({ spec: free, start, valueStart: start });
  }
  return marks.map((mark, i) => {
    const end = marks[i + 1]?.start ?? text.length;
    const raw = text.slice(mark.valueStart, end);
    const kept = i + 1 < marks.length ? raw.trimEnd() : raw;
    return { ...mark, text: raw.trim(), end: mark.valueStart + kept.length };
  });
}

const escape = (name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Commands that fit what is typed after the slash: beginnings first. */
export function matching(naming, commands) {
  const query = naming.trim();
  const rank = (leaf) => {
    const names = [leaf.label.slice(1).toLowerCase(), leaf.name.slice(1).toLowerCase()];
    if (names.some((name) => name.startsWith(query))) return 0;
    if (names.some((name) => name.split(" ").some((word) => word.startsWith(query)))) return 1;
    if (names.some((name) => name.includes(query))) return 2;
    return leaf.description.toLowerCase().includes(query) ? 3 : 4;
  };
  const ranked = commands.map((leaf) => ({ leaf, rank: rank(leaf) })).sort((a, b) => a.rank - b.rank);
  const worst = ranked[0]?.rank < 3 ? 2 : 3; // descriptions are looked at only where no name fits
  return ranked.filter((one) => one.rank <= worst).map((one) => one.leaf);
}

/** The value to send for an option: of the choice that was picked, or of the one typed by its name. */
export function valueOf(given, picked, known) {
  const choice = picked.get(given.spec.name);
  if (choice && choice.name === given.text) return choice.value;
  const text = given.text.toLowerCase();
  const typed = (known ?? []).find((one) => one.name.toLowerCase() === text);
  if (typed) return typed.value;
  const begun = given.spec.autocomplete ? [] : (known ?? []).filter((one) => one.name.toLowerCase().startsWith(text));
  if (begun.length === 1) return begun[0].value;
  if (given.spec.type === 4 || given.spec.type === 10) {
    const number = Number(given.text.replaceAll(",", ""));
    if (!Number.isFinite(number)) throw new Error(`${given.spec.label}: this must be a number.`);
    return number;
  }
  return given.text;
}

/** Choices that need no bot: fixed ones, yes and no, members, channels. */
export function fixedChoices(spec, state) {
  if (spec.choices?.length) return spec.choices;
  if (spec.type === 5) return [{ name: "True", value: true }, { name: "False", value: false }];
  if (spec.type === 6 || spec.type === 9) {
    return [...state.members.values()].map((member) => ({ name: "@" + member.name, value: member.id }));
  }
  if (spec.type === 7) {
    return [...state.places.values()]
      .filter((place) => place.type !== 1)
      .map((place) => ({ name: "#" + place.name, value: place.id }));
  }
  if (spec.type === 8) return [...state.roles.values()].map((role) => ({ name: "@" + role.name, value: role.id }));
  return null;
}
