import { SegmentedControl, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/page";
import { useNow } from "@/lib/use-now";
import { wallTimeIn, zoneName } from "@/lib/zones";
import type { Drafting } from "./use-draft";
import classes from "./wizard.module.css";

/** Now, or at a time on the company's clocks. */
export function WhenStep({ drafting, about }: { drafting: Drafting; about: (field: string) => string | undefined }) {
  const { t, i18n } = useTranslation();
  const { draft, change, zone } = drafting;
  const moment = useNow();
  const now = wallTimeIn(zone, moment);
  const isPast = draft.when === "later" && draft.at !== "" && draft.at <= now;
  return (
    <Card className={classes.section}>
      <h2>{t("campaigns.when")}</h2>
      <SegmentedControl aria-label={t("campaigns.when")} value={draft.when} onChange={(value) => change({ when: value === "later" ? "later" : "now" })} data={[{ value: "now", label: t("campaigns.now") }, { value: "later", label: t("campaigns.later") }]} />
      {draft.when === "now" && <p className={classes.quiet}>{t("campaigns.wizard.nowHint")}</p>}
      {draft.when === "later" && (
        <>
          <TextInput type="datetime-local" label={t("campaigns.startsAt")} min={now} value={draft.at} error={about("starts_at") ?? (isPast ? t("campaigns.wizard.past") : undefined)} onChange={(event) => change({ at: event.currentTarget.value })} />
          <p className={classes.quiet}>{t("campaigns.wizard.zone", { zone: zoneName(zone, i18n.language, draft.at || moment), interpolation: { escapeValue: false } })}</p>
        </>
      )}
    </Card>
  );
}
