// What the acting member knows: places, members, messages, commands, the time.

export const KIND = { text: 0, dm: 1, category: 4, newsThread: 10, thread: 11, privateThread: 12, forum: 15 };
export const FLAG = { private: 64, thinking: 128, v2: 32768, silent: 4096, noEmbeds: 4 };

export const isThread = (place) => [KIND.newsThread, KIND.thread, KIND.privateThread].includes(place?.type);

export class State {
  constructor() {
    this.clear();
  }

  clear() {
    this.me = null;
    this.guild = null;
    this.members = new Map();
    this.roles = new Map();
    this.places = new Map();
    this.messages = new Map(); // place id -> Map(message id -> message); only places that were opened
    this.commands = new Map(); // place id -> leaf commands
    this.seen = new Set(); // places that were opened
    this.unread = new Map(); // place id -> number of messages
    this.time = new Date();
    this.canAdvance = false;
    this.canSkip = false;
    this.tips = []; // what to try first
    this.bot = null;
  }

  hello(data) {
    this.clear();
    this.me = data.me;
    this.guild = data.guild;
    this.bot = data.bot;
    for (const member of data.members) this.members.set(member.id, member);
    for (const role of data.roles ?? []) this.roles.set(role.id, role);
    for (const place of data.places) this.places.set(place.id, place);
    this.time = new Date(data.time);
    this.canAdvance = data.can_advance;
    this.canSkip = data.can_skip;
    this.tips = data.tips ?? [];
  }

  /** How ids are named, for texts. */
  names(openChannel) {
    return {
      locale: this.me?.locale ?? "en-US",
      now: () => this.time,
      user: (id) => this.members.get(id)?.name,
      role: (id) => this.roles.get(id)?.name,
      channel: (id) => this.places.get(id)?.name,
      openChannel,
    };
  }

  channels() {
    return [...this.places.values()]
      .filter((place) => place.type === KIND.text || place.type === KIND.forum)
      .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  }

  threadsOf(id) {
    return [...this.places.values()].filter((place) => isThread(place) && place.parent_id === id);
  }

  dms() {
    return [...this.places.values()].filter((place) => place.type === KIND.dm);
  }

  /** Messages of an opened place, oldest first. */
  messagesOf(id) {
    return [...(this.messages.get(id)?.values() ?? [])].sort(byTime);
  }

  put(message) {
    this.messages.get(message.channel_id)?.set(message.id, message);
    this.answered(message.channel_id, message.id, message);
  }

  drop(channel, id) {
    this.messages.get(channel)?.delete(id);
    this.answered(channel, id, null);
  }

  /** What stands above the answers to a message follows it. */
  answered(channel, id, message) {
    const messages = this.messages.get(channel);
    for (const one of messages?.values() ?? []) {
      if (one.referenced_message?.id === id) messages.set(one.id, { ...one, referenced_message: message });
    }
  }
}

function byTime(a, b) {
  return BigInt(a.id) < BigInt(b.id) ? -1 : 1;
}

/** Commands with groups taken apart: one leaf for each thing that can be typed. */
export function leaves(commands, locale) {
  const out = [];
  const label = (thing) => thing.name_localizations?.[locale] ?? thing.name;
  const walk = (thing, names, labels, root) => {
    const subs = (thing.options ?? []).filter((option) => option.type === 1 || option.type === 2);
    const path = [...names, thing.name];
    const shown = [...labels, label(thing)];
    if (subs.length) {
      for (const sub of subs) walk(sub, path, shown, root);
      return;
    }
    out.push({
      name: "/" + path.join(" "),
      label: "/" + shown.join(" "),
      description: thing.description_localizations?.[locale] ?? thing.description,
      application: root.application_id,
      options: (thing.options ?? []).map((option) => ({
        ...option,
        label: label(option),
        description: option.description_localizations?.[locale] ?? option.description,
        choices: option.choices?.map((choice) => ({ name: label(choice), value: choice.value })),
      })),
    });
  };
  for (const command of commands) walk(command, [], [], command);
  return out.sort((a, b) => a.label.localeCompare(b.label, locale));
}
