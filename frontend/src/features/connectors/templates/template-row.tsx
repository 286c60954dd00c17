import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { Schemas } from "@/api/client";
import { SettingRow } from "@/components/setting-rows";
import { bodyOf } from "@/lib/template";
import { categories } from "./draft";
import { languageName } from "./languages";
import { TemplateStatus } from "./template-status";
import classes from "./templates.module.css";

const qualities = { GREEN: "brand", YELLOW: "yellow", RED: "red" } as const;
type Quality = keyof typeof qualities;
const isQuality = (value: string): value is Quality => value in qualities;

type Props = { template: Schemas["Template"]; to: string; onDelete?: () => void };

export function TemplateRow({ template, to, onDelete }: Props) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const category = categories.find((each) => each === template.category);
  const isBad = template.status === "REJECTED" || template.status === "DISABLED";
  return (
    <SettingRow
      name={template.name}
      title={<>{template.name}<TemplateStatus template={template} />{isQuality(template.quality) && <Badge color={qualities[template.quality]}>{t(`templates.qualityOf.${template.quality}`)}</Badge>}</>}
      sub={
        <>
          <span className={classes.meta}>{category ? t(`templates.categoryOf.${category}`) : template.category} · {languageName(i18n.language, template.language)}</span>
          {template.reason && <span className={classes.reason} data-bad={isBad || undefined}>{t("templates.reason", { reason: template.reason })}</span>}
          <span className={classes.text}>{bodyOf(template)}</span>
        </>
      }
      onEdit={() => void navigate(to)}
      onDelete={template.status === "DELETED" ? undefined : onDelete}
    />
  );
}
