import { useSyncExternalStore } from "react";

export const rules = ["mine", "waiting", "all"] as const;
/** Of which conversations one is told: one's own; those and the ones that wait in one's queues; every one that one sees. */
export type Rule = (typeof rules)[number];
export type TellingSettings = { sound: boolean; volume: number; desktop: boolean; rule: Rule; isOfferOver: boolean };

const KEY = "recado.telling";
const usual: TellingSettings = { sound: true, volume: 0.6, desktop: true, rule: "waiting", isOfferOver: false };
const listeners = new Set<() => void>();
let settings = read();

function read(): TellingSettings {
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<TellingSettings>) };
  } catch {
    return usual;
  }
}

function tell() {
  for (const listener of listeners) listener();
}

// Another tab of this browser has the same ears.
window.addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  settings = read();
  tell();
});

export const tellingSettings = () => settings;

/** Of this browser: what rings at the desk need not ring at home. */
export function changeTelling(change: Partial<TellingSettings>) {
  settings = { ...settings, ...change };
  localStorage.setItem(KEY, JSON.stringify(settings));
  tell();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useTellingSettings = () => useSyncExternalStore(subscribe, tellingSettings);
