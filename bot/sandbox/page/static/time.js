// Dates as the acting member's client shows them: in their locale, relative to the sandbox's clock.

const DAY = 86_400_000;

function format(date, locale, options) {
  try {
    return new Intl.DateTimeFormat(locale, options).format(date);
  } catch {
    return new Intl.DateTimeFormat("en-US", options).format(date);
  }
}

const dayNumber = (date) => Math.floor((date.getTime() - date.getTimezoneOffset() * 60_000) / DAY);

/** The time beside a message's author: "9:00 AM" today, "Yesterday at 9:00 AM", else the date too. */
export function messageTime(iso, names) {
  const date = new Date(iso);
  const clock = format(date, names.locale, { timeStyle: "short" });
  const days = dayNumber(names.now()) - dayNumber(date);
  if (days === 0) return clock;
  return `${format(date, names.locale, { dateStyle: "short" })}, ${clock}`;
}

export const shortTime = (iso, names) => format(new Date(iso), names.locale, { timeStyle: "short" });
export const fullTime = (iso, names) => format(new Date(iso), names.locale, { dateStyle: "full", timeStyle: "short" });
export const dayLabel = (iso, names) => format(new Date(iso), names.locale, { dateStyle: "long" });
export const sameDay = (a, b) => dayNumber(new Date(a)) === dayNumber(new Date(b));

export const clockText = (date, locale) =>
  format(date, locale, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "numeric", minute: "2-digit" });

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};

/** A `<t:…>` mark's text. */
export function timestamp(seconds, style, names) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "Invalid Date";
  return style === "R" ? relative(date, names) : format(date, names.locale, STYLES[style]);
}

export function timestampTitle(seconds, names) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "" : format(date, names.locale, STYLES.F);
}

const UNITS = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["day", DAY],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

export function relative(date, names) {
  const away = date.getTime() - names.now().getTime();
  const [unit, length] = UNITS.find(([, size]) => Math.abs(away) >= size) ?? ["second", 1000];
  try {
    return new Intl.RelativeTimeFormat(names.locale).format(Math.round(away / length), unit);
  } catch {
    return new Intl.RelativeTimeFormat("en-US").format(Math.round(away / length), unit);
  }
}
