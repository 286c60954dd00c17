import { useTranslation } from "react-i18next";
import { formatCount } from "@/lib/format";
import type { ContactImport } from "./api/list-imports";
import classes from "./imports.module.css";

const outcomes = ["created", "updated", "skipped", "invalid"] as const;
const undone = ["removed", "restored", "kept"] as const;

/** What came of the rows so far. The four outcomes add up to the rows. */
export function ImportCounts({ job }: { job: ContactImport }) {
  const { t, i18n } = useTranslation();
  const shown = job.state === "undone" || job.state === "undoing" ? undone : outcomes;
  return (
    <dl className={classes.counts}>
      {shown.map((name) => (
        <div key={name} data-outcome={job.counts[name] ? name : undefined}>
          <dd data-count={name}>{formatCount(job.counts[name], i18n.language)}</dd>
          <dt>{t(job.is_dry_run ? `contacts.imports.would.${name}` : `contacts.imports.outcome.${name}`)}</dt>
        </div>
      ))}
    </dl>
  );
}
