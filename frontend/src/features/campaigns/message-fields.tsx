import { SegmentedControl, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { customFieldsQuery, templatesQuery } from "@/api/lookups";
import { Card } from "@/components/page";
import { TemplateFields } from "@/components/template-fields";
import classes from "./campaign-form.module.css";
import type { Draft } from "./draft";
import { MessagePreview } from "./message-preview";

type Props = { draft: Draft; connection: Schemas["Connection"] | null; onChange: (part: Partial<Draft>) => void };

/** One text with the contact's variables, or one of the connection's templates. */
export function MessageFields({ draft, connection, onChange }: Props) {
  const { t } = useTranslation();
  const hasTemplates = connection?.capabilities.has_templates ?? false;
  const templates = useQuery({ ...templatesQuery(connection?.id ?? 0), enabled: hasTemplates }).data ?? [];
  return (
    <Card className={classes.section}>
      <h2>{t("campaigns.message")}</h2>
      {hasTemplates && <SegmentedControl value={draft.kind} onChange={(value) => onChange({ kind: value === "template" ? "template" : "text" })} data={[{ value: "text", label: t("campaigns.text") }, { value: "template", label: t("campaigns.template") }]} />}
      {hasTemplates && draft.kind === "template" ? (
        <TemplateFields style="campaign" templates={templates} value={draft.template} onChange={(template) => onChange({ template })} example="{{name|there}}" />
      ) : (
        <TextFields body={draft.body} mostCharacters={connection?.capabilities.max_text_length} onChange={(body) => onChange({ body })} />
      )}
      {connection?.capabilities.has_service_window && draft.kind === "text" && <Text size="xs" c="dimmed">{t("campaigns.windowHint")}</Text>}
    </Card>
  );
}

function TextFields({ body, mostCharacters, onChange }: { body: string; mostCharacters?: number; onChange: (body: string) => void }) {
  const { t } = useTranslation();
  const box = useRef<HTMLTextAreaElement>(null);
  const customFields = useQuery(customFieldsQuery).data ?? [];
  const variables = [
    { label: t("campaigns.variable.name"), text: `{{name|${t("campaigns.variable.nameFallback")}}}` },
    { label: t("campaigns.variable.firstName"), text: `{{first_name|${t("campaigns.variable.nameFallback")}}}` },
    { label: t("campaigns.variable.phone"), text: "{{phone}}" },
    ...customFields.map((field) => ({ label: field.label, text: `{{custom.${field.key}|…}}` })),
  ];
  const insert = (text: string) => {
    const at = box.current?.selectionStart ?? body.length;
    onChange(body.slice(0, at) + text + body.slice(box.current?.selectionEnd ?? at));
    box.current?.focus();
  };
  return (
    <>
      <Textarea ref={box} label={t("campaigns.text")} placeholder={t("campaigns.textExample")} autosize minRows={4} maxRows={14} maxLength={mostCharacters} value={body} onChange={(event) => onChange(event.currentTarget.value)} />
      <div className={classes.variables}>
        {t("campaigns.insert")}
        {variables.map((variable) => <button key={variable.text} type="button" className={classes.variable} title={variable.text} onClick={() => insert(variable.text)}>{variable.label}</button>)}
      </div>
      {body.trim() && (
        <div>
          <Text size="xs" c="dimmed" mb={4}>{t("campaigns.previewText")}</Text>
          <MessagePreview body={body} />
        </div>
      )}
    </>
  );
}
