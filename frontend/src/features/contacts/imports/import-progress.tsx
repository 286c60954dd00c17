import { Progress } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/page";
import { formatCount } from "@/lib/format";
import type { ContactImport } from "./api/list-imports";
import { ImportCounts } from "./import-counts";
import classes from "./imports.module.css";

/** How far the worker is. Leaving the page stops nothing. */
export function ImportProgress({ job }: { job: ContactImport }) {
  const { t, i18n } = useTranslation();
  const { counts } = job;
  const isUndo = job.state === "undoing";
  const done = isUndo ? counts.removed + counts.restored + counts.kept : counts.rows;
  const all = isUndo ? counts.created + counts.updated : (job.expected_rows ?? 0);
  const title = isUndo ? t("contacts.imports.undoing") : t(job.is_dry_run ? "contacts.imports.checking" : "contacts.imports.importing");
  return (
    <Card>
      <div className={classes.section} role="status">
        <h2>{title}</h2>
        <Progress value={all ? Math.min(100, (100 * done) / all) : 100} animated size="lg" aria-label={title} />
        <p className={`${classes.quiet} tabular`}>
          {all ? t("contacts.imports.ofRows", { done: formatCount(done, i18n.language), all: formatCount(Math.max(all, done), i18n.language) }) : t("contacts.imports.rowsSoFar", { done: formatCount(done, i18n.language) })}
          {" · "}
          {t("contacts.imports.mayLeave")}
        </p>
        <ImportCounts job={job} />
      </div>
    </Card>
  );
}
