import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatCount } from "@/lib/format";
import { importReasonsQuery } from "./api/import-reasons";
import type { ContactImport } from "./api/list-imports";
import classes from "./imports.module.css";

/** Why rows were skipped or refused, and where the first ones stand in the file. */
export function ImportReasons({ job }: { job: ContactImport }) {
  const { t, i18n } = useTranslation();
  const reasons = useQuery(importReasonsQuery(job)).data ?? [];
  if (!reasons.length) return null;
  return (
    <ul className={classes.reasons} aria-label={t("contacts.imports.reasons")}>
      {reasons.map(({ outcome, reason, count, rows }) => (
        <li key={outcome + reason} data-outcome={outcome}>
          <strong className="tabular">{formatCount(count, i18n.language)}</strong>
          <span>
            {reason}
            <small>{t("contacts.imports.rows", { count, rows: rows.join(", ") + (count > rows.length ? "…" : "") })}</small>
          </span>
        </li>
      ))}
    </ul>
  );
}
