import { Select, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Choices } from "./api/preview-import";
import type { ContactImport } from "./api/list-imports";
import classes from "./imports.module.css";

// Names that programs give them; they are the same in every language.
const encodings = [
  { value: "utf-8-sig", label: "UTF-8" },
  { value: "cp1252", label: "Windows-1252" },
  { value: "latin-1", label: "ISO 8859-1" },
  { value: "mac-roman", label: "Mac Roman" },
  { value: "cp850", label: "DOS (CP850)" },
  { value: "utf-16", label: "UTF-16" },
  { value: "utf-16-le", label: "UTF-16 LE" },
  { value: "utf-16-be", label: "UTF-16 BE" },
] as const;
const delimiters = [
  { value: ",", name: "comma" },
  { value: ";", name: "semicolon" },
  { value: "\t", name: "tab" },
  { value: "|", name: "pipe" },
] as const;

/** How the file is read: found out, and put right when that was wrong. */
export function FileFormat({ job, onChoose }: { job: ContactImport; onChoose: (choices: Choices) => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.format}>
      {job.kind === "csv" ? (
        <>
          <Select label={t("contacts.imports.encoding")} data={[...encodings]} allowDeselect={false} value={job.encoding ?? null} onChange={(value) => onChoose({ encoding: encodings.find((known) => known.value === value)?.value })} />
          <Select label={t("contacts.imports.delimiter")} data={delimiters.map(({ value, name }) => ({ value, label: t(`contacts.imports.delimiters.${name}`) }))} allowDeselect={false} value={job.delimiter ?? null} onChange={(value) => onChoose({ delimiter: delimiters.find((known) => known.value === value)?.value })} />
        </>
      ) : (
        <p className={classes.quiet}>{t("contacts.imports.firstSheet")}</p>
      )}
      <Switch label={t("contacts.imports.hasHeader")} checked={job.has_header ?? true} onChange={(event) => onChoose({ has_header: event.currentTarget.checked })} />
    </div>
  );
}
