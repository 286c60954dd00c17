import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useErrorWords } from "@/components/error-words";
import { Card } from "@/components/page";
import { formatCount } from "@/lib/format";
import { audienceQuery } from "./api/preview-audience";
import classes from "./campaign-form.module.css";
import { type Draft, writeOf } from "./draft";
import report from "./report.module.css";

/** How many would get it, as the form is filled in, and who would not and why. */
export function AudienceCount({ draft, connection }: { draft: Draft; connection: number | null }) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const [settled] = useDebouncedValue(draft, 400);
  const { lists, tags, excluded_tags, body, template, variables } = writeOf(settled, connection ?? 0);
  const preview = useQuery(audienceQuery({ lists, tags, excluded_tags, connection, body, template, variables }));
  const isChosen = draft.lists.length > 0 || draft.tags.length > 0;
  return (
    <Card className={classes.section}>
      <h2>{t("campaigns.reach")}</h2>
      {!isChosen && <p className={classes.quiet}>{t("campaigns.chooseAudience")}</p>}
      {isChosen && preview.isError && <p className={classes.quiet}>{words(preview.error)}</p>}
      {isChosen && preview.data && (
        <div role="status">
          <div className={`${classes.count} tabular`} data-old={preview.isFetching || undefined}>{formatCount(preview.data.count, i18n.language)}</div>
          <p className={classes.quiet}>{t("campaigns.willGet", { count: preview.data.count })}</p>
        </div>
      )}
      {isChosen && preview.data && preview.data.exclusions.length > 0 && (
        <ul className={report.reasons}>
          {preview.data.exclusions.map(({ reason, count }) => <li key={reason}><span>{t(`campaigns.exclusion.${reason}`)}</span><strong>{formatCount(count, i18n.language)}</strong></li>)}
        </ul>
      )}
    </Card>
  );
}
