import { Button, FileButton, Select, Text } from "@mantine/core";
import { IconCircleCheck, IconPaperclip } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useErrorWords } from "@/components/error-words";
import { useUploadSample } from "../api/upload-sample";
import { type Draft, type Format, formats } from "./draft";
import classes from "./templates.module.css";
import { TextField } from "./text-field";
import type { About } from "./use-faults";

const accepted = { IMAGE: "image/jpeg,image/png", VIDEO: "video/mp4", DOCUMENT: "application/pdf" };
const isFile = (format: Format): format is keyof typeof accepted => format in accepted;

type Props = { connectionId: number; header: Draft["header"]; about: About; onChange: (header: Draft["header"]) => void; onFile: (file: File | null) => void };

export function HeaderField({ connectionId, header, about, onChange, onFile }: Props) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const upload = useUploadSample(connectionId);
  const choose = (file: File | null) => {
    if (!file) return;
    onFile(file);
    upload.mutate(file, { onSuccess: ({ handle }) => onChange({ ...header, handle, filename: file.name }), onError: () => onFile(null) });
  };
  const fault = about("header.format", "header.example.header_handle");
  return (
    <>
      <Select
        allowDeselect={false}
        label={t("templates.header")}
        description={t("templates.headerText")}
        data={formats.map((value) => ({ value, label: t(`templates.format.${value}`) }))}
        value={header.format}
        error={isFile(header.format) ? undefined : about("header.format")}
        onChange={(value) => {
          onChange({ ...header, format: formats.find((each) => each === value) ?? "NONE", handle: "", filename: "" });
          onFile(null);
        }}
      />
      {header.format === "TEXT" && <TextField label={t("templates.headerLine")} value={header.text} examples={header.examples} most={60} mostVariables={1} error={about("header.text")} exampleError={about("header.example")} onChange={(text, examples) => onChange({ ...header, text, examples })} />}
      {header.format === "LOCATION" && <Text size="xs" c="dimmed">{t("templates.locationText")}</Text>}
      {isFile(header.format) && (
        <div>
          <div className={classes.sample}>
            <FileButton accept={accepted[header.format]} onChange={choose}>
              {(props) => <Button {...props} variant="default" loading={upload.isPending} leftSection={<IconPaperclip size={16} stroke={1.7} />}>{t(header.handle ? "templates.otherSample" : "templates.sample")}</Button>}
            </FileButton>
            {header.handle && <span className={classes.sampleName}><IconCircleCheck size={16} stroke={1.8} aria-hidden />{header.filename}</span>}
          </div>
          <Text size="xs" c="dimmed" mt={4}>{t(`templates.sampleText.${header.format}`)}</Text>
          {(upload.error ?? fault) && <Text size="xs" c="var(--bad)" mt={4} role="alert">{upload.error ? words(upload.error) : fault}</Text>}
        </div>
      )}
    </>
  );
}
