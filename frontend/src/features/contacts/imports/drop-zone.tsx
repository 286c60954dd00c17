import { Button, FileButton, Progress } from "@mantine/core";
import { IconDownload, IconFileSpreadsheet } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { saveFile } from "@/api/files";
import { useErrorToast, useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { Card } from "@/components/page";
import { formatCount } from "@/lib/format";
import { useFileDrop } from "@/lib/use-file-drop";
import { importLimitsQuery } from "./api/import-limits";
import { useUploadImport } from "./api/upload-import";
import classes from "./imports.module.css";

/** A file is dropped anywhere on the page, or chosen. */
export function DropZone() {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const toast = useErrorToast();
  const navigate = useNavigate();
  const limits = useQuery(importLimitsQuery).data;
  const upload = useUploadImport((size) => t("contacts.imports.tooLarge", { size }));
  const take = (file: File | null | undefined) => file && upload.mutate(file, { onSuccess: (job) => void navigate(`/contacts/imports/${job.id}`) });
  const isOver = useFileDrop(!upload.isPending, ([file]) => take(file));
  return (
    <Card>
      <div className={classes.drop} data-over={isOver || undefined}>
        <IconFileSpreadsheet size={32} stroke={1.4} />
        <h2>{t(isOver ? "contacts.imports.dropNow" : "contacts.imports.drop")}</h2>
        <p className={classes.quiet}>{t("contacts.imports.dropText", { size: limits ? Math.floor(limits.max_size / 1_048_576) : 50, rows: formatCount(limits?.max_rows ?? 200_000, i18n.language) })}</p>
        {upload.isPending ? (
          <Progress className={classes.uploading} value={100 * upload.share} animated aria-label={t("contacts.imports.uploading")} />
        ) : (
          <div className={classes.dropButtons}>
            <FileButton accept=".csv,.tsv,.txt,.xlsx,text/csv" onChange={take}>{(props) => <Button {...props}>{t("contacts.imports.choose")}</Button>}</FileButton>
            <Button variant="default" leftSection={<IconDownload size={15} stroke={1.8} />} onClick={() => void saveFile("contact-imports/example/").catch(toast)}>{t("contacts.imports.example")}</Button>
          </div>
        )}
        {upload.isError && <div className={classes.refused}><FormError>{words(upload.error)}</FormError></div>}
      </div>
    </Card>
  );
}
