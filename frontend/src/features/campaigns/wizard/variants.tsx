import { ActionIcon, Button, NumberInput, Textarea } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { customFieldsQuery } from "@/api/lookups";
import { FileField } from "@/components/file-field";
import { Card } from "@/components/page";
import { MOST_VARIANTS, newVariant, type VariantDraft } from "../draft";
import { problemAbout, type Surveyed } from "./use-survey";
import classes from "./wizard.module.css";

type Props = { variants: VariantDraft[]; connection: Schemas["Connection"] | null; survey: Surveyed; shown: number; onShow: (place: number) => void; onChange: (change: (variants: VariantDraft[]) => VariantDraft[]) => void };

/** Up to five messages, of which each recipient gets one. */
export function Variants({ variants, connection, survey, shown, onShow, onChange }: Props) {
  const { t } = useTranslation();
  const set = (key: string, part: Partial<VariantDraft>) => onChange((all) => all.map((variant) => (variant.key === key ? { ...variant, ...part } : variant)));
  return (
    <Card className={classes.section}>
      <h2>{t("campaigns.message")}</h2>
      {variants.map((variant, place) => (
        <VariantCard key={variant.key} variant={variant} place={place} isOnly={variants.length === 1} isShown={place === shown} connection={connection} survey={survey} onShow={() => onShow(place)} onChange={(part) => set(variant.key, part)} onRemove={() => onChange((all) => all.filter(({ key }) => key !== variant.key))} />
      ))}
      {variants.length < MOST_VARIANTS && (
        <div>
          <Button variant="default" leftSection={<IconPlus size={15} stroke={1.8} />} onClick={() => { onChange((all) => [...all, newVariant()]); onShow(variants.length); }}>{t("campaigns.wizard.addVariant")}</Button>
          <p className={classes.names}>{t("campaigns.wizard.variantsHint")}</p>
        </div>
      )}
    </Card>
  );
}

type CardProps = { variant: VariantDraft; place: number; isOnly: boolean; isShown: boolean; connection: Schemas["Connection"] | null; survey: Surveyed; onShow: () => void; onChange: (part: Partial<VariantDraft>) => void; onRemove: () => void };

function VariantCard({ variant, place, isOnly, isShown, connection, survey, onShow, onChange, onRemove }: CardProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLTextAreaElement>(null);
  const customFields = useQuery(customFieldsQuery).data ?? [];
  const { body, media, weight } = variant;
  const letter = String.fromCharCode(65 + place);
  const insertable = [
    { label: t("campaigns.variable.name"), text: `{{name|${t("campaigns.variable.nameFallback")}}}` },
    { label: t("campaigns.variable.firstName"), text: `{{first_name|${t("campaigns.variable.nameFallback")}}}` },
    { label: t("campaigns.variable.phone"), text: "{{phone}}" },
    ...customFields.map((field) => ({ label: field.label, text: `{{custom.${field.key}|…}}` })),
  ];
  const insert = (text: string) => {
    const at = box.current?.selectionStart ?? body.length;
    onChange({ body: body.slice(0, at) + text + body.slice(box.current?.selectionEnd ?? at) });
    box.current?.focus();
  };
  const label = isOnly ? t("campaigns.text") : t("campaigns.wizard.textOf", { letter });
  const isSilent = media?.kind === "audio";
  return (
    <div className={isOnly ? undefined : classes.variant} data-shown={(isShown && !isOnly) || undefined} onFocus={onShow} style={isOnly ? { display: "contents" } : undefined}>
      {!isOnly && (
        <div className={classes.variantHead}>
          <h3>{t("campaigns.wizard.variant", { letter })}</h3>
          <NumberInput className={classes.weight} size="xs" aria-label={t("campaigns.wizard.weightOf", { letter })} prefix={t("campaigns.wizard.weightPrefix")} min={1} max={100} allowDecimal={false} clampBehavior="strict" value={weight} onChange={(value) => onChange({ weight: Math.max(1, Number(value) || 1) })} />
          <ActionIcon aria-label={t("campaigns.wizard.removeVariant", { letter })} onClick={onRemove}><IconTrash size={17} stroke={1.6} /></ActionIcon>
        </div>
      )}
      <FileField media={media} label={t("campaigns.wizard.addFile")} error={problemAbout(survey, `variants.${place}.media`)} onChange={(chosen) => onChange({ media: chosen, ...(chosen?.kind === "audio" ? { body: "" } : {}) })} />
      {!isSilent && (
        <>
          <Textarea ref={box} label={label} placeholder={t("campaigns.textExample")} autosize minRows={4} maxRows={14} maxLength={media ? 1024 : connection?.capabilities.max_text_length} value={body} error={body.trim() || survey.hasAudience ? problemAbout(survey, `variants.${place}.body`, "body") : undefined} onChange={(event) => onChange({ body: event.currentTarget.value })} />
          <div className={classes.variables}>
            {t("campaigns.insert")}
            {insertable.map(({ label: name, text }) => <button key={text} type="button" className={classes.variable} title={text} onClick={() => insert(text)}>{name}</button>)}
          </div>
        </>
      )}
    </div>
  );
}
