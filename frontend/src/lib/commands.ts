import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { tinykeys } from "tinykeys";

/** Something that can be done right now: by a key, and by its name in the palette. `keys` in tinykeys' notation ("j", "g i", "Shift+?"). */
export type Command = { id: string; label: string; keys?: string[]; run: () => void };

const TURNED_OFF = "recado.keys.off";
const listeners = new Set<() => void>();
let groups: readonly { commands: readonly Command[] }[] = [];
let areKeysOn = localStorage.getItem(TURNED_OFF) === null;

function tell() {
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

const isText = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || target.closest("textarea, select, input:not([type=radio], [type=checkbox], [type=range], [type=button])") !== null);
/** A dialog, a menu or a list of options that is open has the keyboard for itself. */
const isElsewhere = (target: EventTarget | null) => document.querySelector("[role=dialog][aria-modal=true]") !== null || (target instanceof HTMLElement && target.closest("[role=menu], [role=listbox]") !== null);

/** These commands are there while the component is. Single keys never act where somebody types. */
export function useCommands(commands: readonly Command[]) {
  const run = useEffectEvent((id: string) => commands.find((command) => command.id === id)?.run());
  const signature = JSON.stringify(commands.map(({ id, label, keys }) => [id, label, keys]));
  useEffect(() => {
    const own = (JSON.parse(signature) as [string, string, string[] | null][]).map(([id, label, keys]): Command => ({ id, label, keys: keys ?? undefined, run: () => run(id) }));
    const group = { commands: own };
    groups = [...groups, group];
    tell();
    const act = (command: Command) => (event: KeyboardEvent) => {
      if (event.defaultPrevented || !areKeysOn || isText(event.target) || isElsewhere(event.target)) return;
      event.preventDefault();
      command.run();
    };
    const stop = tinykeys(window, Object.fromEntries(own.flatMap((command) => (command.keys ?? []).map((keys) => [keys, act(command)]))));
    return () => {
      stop();
      groups = groups.filter((other) => other !== group);
      tell();
    };
  }, [signature]);
}

/** Everything that can be done now, the nearest first. */
export function useAllCommands() {
  return useSyncExternalStore(subscribe, () => groups).toReversed().flatMap(({ commands }) => commands);
}

export const useKeysAreOn = () => useSyncExternalStore(subscribe, () => areKeysOn);

/** Who dictates, or whose aids send keys, may want none of ours (WCAG 2.1.4). */
export function turnKeys(on: boolean) {
  areKeysOn = on;
  if (on) localStorage.removeItem(TURNED_OFF);
  else localStorage.setItem(TURNED_OFF, "1");
  tell();
}
