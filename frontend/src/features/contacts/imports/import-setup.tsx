import { Button, Stack } from "@mantine/core";
import { IconChecklist, IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { saveFile } from "@/api/files";
import { useErrorToast, useErrorWords } from "@/components/error-words";
import { ErrorState } from "@/components/error-state";
import { FormError } from "@/components/form-error";
import { LoadingRows } from "@/components/loading-rows";
import { Card } from "@/components/page";
import { formatCount } from "@/lib/format";
import type { ContactImport } from "./api/list-imports";
import { previewQuery, useChoose } from "./api/preview-import";
import { useStartImport } from "./api/start-import";
import { ColumnMapping } from "./column-mapping";
import { FileFormat } from "./file-format";
import { ImportChoices } from "./import-choices";
import { ImportCounts } from "./import-counts";
import { ImportReasons } from "./import-reasons";
import classes from "./imports.module.css";
import { PreviewRows } from "./preview-rows";

/** How the file is to be read and written, with its first rows; a dry run counts before anything is written. */
export function ImportSetup({ job }: { job: ContactImport }) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const toast = useErrorToast();
  const preview = useQuery(previewQuery(job.id));
  const choose = useChoose(job.id);
  const start = useStartImport(job.id);
  const isCounted = Boolean(job.is_dry_run && job.finished_at && !job.error_text);
  const trouble = preview.data?.trouble ?? "";
  const failure = choose.error ?? start.error;

  if (preview.isPending) return <Card><LoadingRows count={5} /></Card>;
  if (preview.isError) return <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />;
  const shown = preview.data;
  return (
    <div className={classes.setup} aria-busy={choose.isPending}>
      <div className={classes.column}>
        <Card>
          <div className={classes.section}>
            <h2>{t("contacts.imports.columns")}</h2>
            <FileFormat job={job} onChoose={choose.mutate} />
            {trouble && <FormError>{trouble}</FormError>}
            <ColumnMapping preview={shown} onMap={(mapping) => choose.mutate({ mapping })} />
          </div>
        </Card>
        <Card>
          <div className={classes.section}>
            <h2>{t("contacts.imports.firstRows")}</h2>
            <PreviewRows preview={shown} />
          </div>
        </Card>
      </div>
      <div className={classes.side}>
        <Card><div className={classes.section}><ImportChoices job={job} onChoose={choose.mutate} /></div></Card>
        <Card>
          <div className={classes.section}>
            {isCounted && (
              <>
                <h2>{t("contacts.imports.dryTitle")}</h2>
                <ImportCounts job={job} />
                <ImportReasons job={job} />
                {job.has_result && <Button variant="subtle" leftSection={<IconDownload size={15} stroke={1.8} />} onClick={() => void saveFile(`contact-imports/${job.id}/result/`).catch(toast)}>{t("contacts.imports.result")}</Button>}
              </>
            )}
            {job.error_text && <FormError>{job.error_text}</FormError>}
            {failure && <FormError>{words(failure)}</FormError>}
            <Stack gap={8}>
              <Button size="sm" disabled={trouble !== "" || choose.isPending} loading={start.isPending && !start.variables} onClick={() => start.mutate(false)}>
                {job.expected_rows ? t("contacts.imports.start", { count: job.expected_rows, rows: formatCount(job.expected_rows, i18n.language) }) : t("contacts.imports.startAll")}
              </Button>
              <Button size="sm" variant="default" leftSection={<IconChecklist size={16} stroke={1.8} />} disabled={trouble !== "" || choose.isPending} loading={start.isPending && start.variables} onClick={() => start.mutate(true)}>{t("contacts.imports.check")}</Button>
              <p className={classes.quiet}>{t("contacts.imports.checkText")}</p>
            </Stack>
          </div>
        </Card>
      </div>
    </div>
  );
}
