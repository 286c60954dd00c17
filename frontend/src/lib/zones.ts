/** Clocks of a time zone. Which moment a time on them is, the server says: it knows the hours that they skip. */

/** "2026-11-26T09:00", as `datetime-local` writes it. */
export function wallTimeIn(zone: string, at: string | number | Date) {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(new Date(at));
  return parts.replace(" ", "T");
}

export const formatDateTimeIn = (zone: string, at: string | number | Date, locale: string) => new Intl.DateTimeFormat(locale, { timeZone: zone, dateStyle: "full", timeStyle: "short" }).format(new Date(at));

export const formatShortIn = (zone: string, at: string | number | Date, locale: string) => new Intl.DateTimeFormat(locale, { timeZone: zone, dateStyle: "medium", timeStyle: "short" }).format(new Date(at));

/** So many seconds after "2026-11-26T09:00", on the same clocks. */
export const formatWallTime = (wall: string, locale: string, seconds = 0) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", dateStyle: "medium", timeStyle: "short" }).format(new Date(`${wall}Z`).getTime() + seconds * 1000);

/** "America/Sao Paulo (GMT-3)". */
export function zoneName(zone: string, locale: string, at: string | number | Date = Date.now()) {
  const offset = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(new Date(at)).find((part) => part.type === "timeZoneName")?.value;
  return `${zone.replaceAll("_", " ")}${offset ? ` (${offset})` : ""}`;
}
