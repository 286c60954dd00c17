import { Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/page";
import { categories, type Draft } from "./draft";
import { languages } from "./languages";
import classes from "./templates.module.css";
import type { About } from "./use-faults";

type Props = { draft: Draft; isFixed: boolean; isCategoryFixed: boolean; about: About; onChange: (change: Partial<Draft>) => void };

/** People type a title; Meta wants small letters and underscores. */
const spelled = (name: string) => name.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[\s-]+/g, "_");

export function HeadFields({ draft, isFixed, isCategoryFixed, about, onChange }: Props) {
  const { t, i18n } = useTranslation();
  return (
    <Card className={classes.section}>
      <div className={classes.pair}>
        <TextInput label={t("templates.name")} description={isFixed ? t("templates.fixed") : t("templates.nameText")} placeholder="order_update" disabled={isFixed} maxLength={512} value={draft.name} error={about("name")} onChange={(event) => onChange({ name: spelled(event.currentTarget.value) })} />
        <Select searchable allowDeselect={false} label={t("templates.language")} description={isFixed ? t("templates.fixed") : t("templates.languageText")} disabled={isFixed} data={languages(i18n.language, draft.language)} value={draft.language} error={about("language")} onChange={(value) => value && onChange({ language: value })} />
      </div>
      <Select allowDeselect={false} label={t("templates.category")} description={isCategoryFixed ? t("templates.categoryFixed") : t(`templates.categoryText.${draft.category}`)} disabled={isCategoryFixed} data={categories.map((value) => ({ value, label: t(`templates.categoryOf.${value}`) }))} value={draft.category} error={about("category")} onChange={(value) => value && onChange({ category: value })} />
    </Card>
  );
}
