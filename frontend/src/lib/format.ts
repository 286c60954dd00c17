const formatters = new Map<string, Intl.DateTimeFormat>();

function dateFormatter(locale: string, options: Intl.DateTimeFormatOptions) {
  const key = locale + JSON.stringify(options);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  formatters.set(key, made);
  return made;
}

type Moment = string | number | Date;

export const isSameDay = (a: Moment, b: Moment) => new Date(a).toDateString() === new Date(b).toDateString();
export const formatTime = (at: Moment, locale: string) => dateFormatter(locale, { timeStyle: "short" }).format(new Date(at));
export const formatSeconds = (at: Moment, locale: string) => dateFormatter(locale, { timeStyle: "medium" }).format(new Date(at));
export const formatShortDay = (at: Moment, locale: string) => dateFormatter(locale, { day: "2-digit", month: "short" }).format(new Date(at));
export const formatLongDay = (at: Moment, locale: string) => dateFormatter(locale, { weekday: "long", day: "numeric", month: "long" }).format(new Date(at));
export const formatDay = (at: Moment, locale: string) => dateFormatter(locale, { dateStyle: "medium" }).format(new Date(at));
export const formatDateTime = (at: Moment, locale: string) => dateFormatter(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
export const formatCount = (value: number, locale: string) => new Intl.NumberFormat(locale).format(value);
export const formatPercent = (share: number, locale: string) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share);

/** Today: the time; otherwise the day. */
export const formatRecent = (at: Moment, locale: string, now: Moment = Date.now()) => (isSameDay(at, now) ? formatTime(at, locale) : formatShortDay(at, locale));

const STEPS = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]] as const;

/** "5 minutes ago", "yesterday"; less than a minute is "now". */
export function formatAgo(at: Moment, locale: string, now: Moment = Date.now()) {
  const past = Math.max(0, new Date(now).getTime() - new Date(at).getTime());
  const [unit, size] = STEPS.find((step) => past >= step[1]) ?? ["second", 60_000];
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-Math.floor(past / size), unit);
}

/** "21 h 18 min", "18 min". */
export function formatDuration(milliseconds: number) {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

/** 75 → "1:15", as players say it. */
export const formatClock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** +5511988381306 → +55 11 98838-1306; other countries keep their digits after the plus. */
export function formatPhone(value: string) {
  const digits = value.replace(/\D/g, "");
  const brazil = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(digits);
  if (brazil) return `+55 ${brazil[1]} ${brazil[2]}-${brazil[3]}`;
  return digits.length >= 7 ? `+${digits}` : value;
}

export const formatBytes = (bytes: number, locale: string) => {
  const [size, unit] = bytes >= 1_048_576 ? [bytes / 1_048_576, "MB"] : [Math.max(1, bytes / 1024), "KB"];
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: unit === "MB" ? 1 : 0 }).format(size)} ${unit}`;
};
