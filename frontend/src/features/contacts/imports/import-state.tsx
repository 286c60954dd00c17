import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ContactImport } from "./api/list-imports";

const colors = { uploaded: "gray", previewed: "gray", running: "blue", done: "brand", failed: "red", undoing: "blue", undone: "gray" } as const;

export function ImportState({ job }: { job: ContactImport }) {
  const { t } = useTranslation();
  const state = job.state ?? "uploaded";
  return <Badge color={colors[state]}>{t(state === "running" && job.is_dry_run ? "contacts.imports.state.checking" : `contacts.imports.state.${state}`)}</Badge>;
}
