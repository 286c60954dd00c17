import { Alert, Button, Group } from "@mantine/core";
import { IconArrowBackUp, IconDownload, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { saveFile } from "@/api/files";
import { Confirm } from "@/components/confirm";
import { useErrorToast } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { Card } from "@/components/page";
import { formatCount } from "@/lib/format";
import type { ContactImport } from "./api/list-imports";
import { useStartImport } from "./api/start-import";
import { useUndoImport } from "./api/undo-import";
import { ImportCounts } from "./import-counts";
import { ImportReasons } from "./import-reasons";
import classes from "./imports.module.css";

/** What came of the import, or of its undo. */
export function ImportResult({ job }: { job: ContactImport }) {
  const { t, i18n } = useTranslation();
  const toast = useErrorToast();
  const undo = useUndoImport(job.id);
  const resume = useStartImport(job.id);
  const [isAsking, setIsAsking] = useState(false);
  const isUndone = job.state === "undone";
  const wrote = job.counts.created + job.counts.updated > 0;
  const count = (value: number) => formatCount(value, i18n.language);
  return (
    <Card>
      <div className={classes.section}>
        <h2>{t(isUndone ? "contacts.imports.undoneTitle" : job.state === "failed" ? "contacts.imports.failedTitle" : "contacts.imports.doneTitle")}</h2>
        {job.error_text && <FormError>{job.error_text}</FormError>}
        {isUndone && <Alert color="gray" variant="light">{t("contacts.imports.undoneText")}</Alert>}
        <ImportCounts job={job} />
        {!isUndone && <p className={`${classes.quiet} tabular`}>{t("contacts.imports.sum", { rows: count(job.counts.rows), created: count(job.counts.created), updated: count(job.counts.updated), skipped: count(job.counts.skipped), invalid: count(job.counts.invalid) })}</p>}
        {!isUndone && <ImportReasons job={job} />}
        <Group gap="xs">
          {job.has_result && <Button variant="default" leftSection={<IconDownload size={15} stroke={1.8} />} onClick={() => void saveFile(`contact-imports/${job.id}/result/`).catch(toast)}>{t("contacts.imports.result")}</Button>}
          {job.state === "failed" && <Button leftSection={<IconRefresh size={15} stroke={1.8} />} loading={resume.isPending} onClick={() => resume.mutate(false, { onError: toast })}>{t("contacts.imports.goOn")}</Button>}
          {!isUndone && wrote && <Button variant="default" color="red" leftSection={<IconArrowBackUp size={15} stroke={1.8} />} onClick={() => setIsAsking(true)}>{t("contacts.imports.undo")}</Button>}
          <Button variant="subtle" component={Link} to="/contacts">{t("contacts.imports.toContacts")}</Button>
        </Group>
      </div>
      <Confirm opened={isAsking} title={t("contacts.imports.undoTitle")} action={t("contacts.imports.undo")} danger busy={undo.isPending} onClose={() => setIsAsking(false)} onConfirm={() => undo.mutate(undefined, { onError: toast, onSettled: () => setIsAsking(false) })}>
        {t("contacts.imports.undoText")}
      </Confirm>
    </Card>
  );
}
