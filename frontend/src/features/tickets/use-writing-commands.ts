import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { useCommands } from "@/lib/commands";
import type { Mode } from "./composer";

/** Begin a reply or a note from the keyboard. */
export function useWritingCommands(box: RefObject<HTMLTextAreaElement | null>, setMode: (mode: Mode) => void) {
  const { t } = useTranslation();
  const begin = (mode: Mode) => {
    setMode(mode);
    requestAnimationFrame(() => box.current?.focus());
  };
  useCommands([
    { id: "reply", label: t("common.keys.reply"), keys: ["r"], run: () => begin("message") },
    { id: "note", label: t("common.keys.note"), keys: ["n"], run: () => begin("note") },
  ]);
}
