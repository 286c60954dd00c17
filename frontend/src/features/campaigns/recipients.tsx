import { Select } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Virtuoso } from "react-virtuoso";
import { flat } from "@/api/page";
import { ErrorState } from "@/components/error-state";
import { ExportMenu } from "@/components/export-menu";
import { LoadingRows } from "@/components/loading-rows";
import { Card } from "@/components/page";
import { formatPhone } from "@/lib/format";
import type { Campaign } from "./api/list-campaigns";
import { type Recipient, type RecipientState, recipientsQuery } from "./api/list-recipients";
import { exportRecipients } from "./api/export-recipients";
import { RecipientOutcome } from "./recipient-outcome";
import classes from "./report.module.css";

const states = ["pending", "sent", "failed", "unknown", "excluded", "cancelled"] as const;

/** Who got it and who did not. Empty until the campaign starts: then the audience is frozen. */
export function Recipients({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const [state, setState] = useState<RecipientState | null>(null);
  const { data, isPending, isError, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(recipientsQuery(campaign.id, state));
  const recipients = useMemo(() => flat(data), [data]);
  return (
    <Card>
      <div className={classes.recipientsHead}>
        <h2>{t("campaigns.recipients")}</h2>
        <div className={classes.recipientsTools}>
          <Select size="xs" clearable w={150} aria-label={t("campaigns.filterState")} placeholder={t("campaigns.all")} data={states.map((value) => ({ value, label: t(`campaigns.state.${value}`) }))} value={state} onChange={(value) => setState(states.find((known) => known === value) ?? null)} />
          {campaign.started_at && <ExportMenu small label={t("campaigns.export")} onExport={(kind) => exportRecipients(campaign.id, state, kind)} />}
        </div>
      </div>
      {isPending && <LoadingRows count={4} height={52} />}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && recipients.length === 0 && <div className={classes.section}><p className={classes.quiet}>{t(campaign.started_at || state ? "campaigns.noRecipients" : "campaigns.notFrozen")}</p></div>}
      {recipients.length > 0 && (
        <Virtuoso
          className={classes.list}
          style={{ height: Math.min(420, recipients.length * 53) }}
          data={recipients}
          computeItemKey={(_, recipient) => recipient.id}
          endReached={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
          itemContent={(_, recipient) => <Row recipient={recipient} />}
        />
      )}
    </Card>
  );
}

function Row({ recipient }: { recipient: Recipient }) {
  const number = recipient.address ? formatPhone(recipient.address) : "";
  return (
    <div className={classes.recipient}>
      <div className="ellipsis">
        {recipient.contact_name}
        <small>{number}</small>
      </div>
      <RecipientOutcome recipient={recipient} />
    </div>
  );
}
