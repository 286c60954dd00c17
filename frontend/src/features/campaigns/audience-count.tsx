import { Anchor } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorWords } from "@/components/error-words";
import { Card } from "@/components/page";
import { formatCount, formatPhone } from "@/lib/format";
import type { Reason } from "./api/list-people";
import type { Sample } from "./api/preview-audience";
import { PeopleDrawer } from "./people-drawer";
import report from "./report.module.css";
import type { Surveyed } from "./wizard/use-survey";
import classes from "./wizard/wizard.module.css";

/** How many would get it, as the wizard is filled in, and who would not and why. */
export function AudienceCount({ survey, onPick }: { survey: Surveyed; onPick?: (person: Sample) => void }) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const { data, isError, error, isFetching, hasAudience, asked } = survey;
  const [shown, setShown] = useState<Reason | null>(null);
  return (
    <Card className={classes.section}>
      <h2>{t("campaigns.reach")}</h2>
      {!hasAudience && <p className={classes.quiet}>{t("campaigns.chooseAudience")}</p>}
      {hasAudience && isError && <p className={classes.quiet} role="alert">{words(error)}</p>}
      {hasAudience && data && (
        <>
          <div role="status">
            <div className={`${classes.count} tabular`} data-old={isFetching || undefined}>{formatCount(data.count, i18n.language)}</div>
            <p className={classes.quiet}>{t("campaigns.willGet", { count: data.count })}</p>
          </div>
          <Names samples={data.samples.filter(({ reason }) => !reason)} />
          {data.count > 0 && <Anchor component="button" type="button" size="sm" ta="start" onClick={() => setShown("")}>{t("campaigns.people.see")}</Anchor>}
          {data.exclusions.length > 0 && (
            <>
              <h3 className={classes.small}>{t("campaigns.wizard.leftOut", { count: data.excluded, formatted: formatCount(data.excluded, i18n.language) })}</h3>
              <ul className={classes.exclusions}>
                {data.exclusions.map(({ reason, count }) => (
                  <li key={reason}>
                    <div className={report.reasonLine}><span>{t(`campaigns.exclusion.${reason}`)}</span><strong>{formatCount(count, i18n.language)}</strong></div>
                    <Names samples={data.samples.filter((sample) => sample.reason === reason)} />
                    <Anchor component="button" type="button" size="sm" aria-label={t("campaigns.people.seeFor", { reason: t(`campaigns.exclusion.${reason}`) })} onClick={() => setShown(reason)}>{t("campaigns.people.see")}</Anchor>
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
      {shown !== null && <PeopleDrawer audience={asked} reason={shown} onClose={() => setShown(null)} onPick={onPick && ((person) => { onPick(person); setShown(null); })} />}
    </Card>
  );
}

function Names({ samples }: { samples: Sample[] }) {
  const { t } = useTranslation();
  if (!samples.length) return null;
  const names = samples.slice(0, 4).map(({ name, address }) => name || formatPhone(address));
  return <p className={classes.names}>{t("campaigns.wizard.forInstance", { names: names.join(", ") })}</p>;
}
