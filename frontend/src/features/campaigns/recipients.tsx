import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
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
import { exportRecipients } from "./api/export-recipients";
import { type Recipient, type RecipientFilters, recipientSteps, recipientsQuery } from "./api/list-recipients";
import { RecipientOutcome } from "./recipient-outcome";
import classes from "./report.module.css";

const states = ["pending", "sent", "failed", "unknown", "excluded", "cancelled"] as const;

type Props = { campaign: Campaign; error: { code: string; words: string } | null; onClearError: () => void };

/** Who got it and who did not. Empty until the campaign starts: then the audience is frozen. */
export function Recipients({ campaign, error: onlyError, onClearError }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Omit<RecipientFilters, "error">>({ search: "", state: null, step: null, connection: null, variant: null });
  const [search] = useDebouncedValue(chosen.search.trim(), 300);
  const filters = { ...chosen, search, error: onlyError?.code ?? null };
  const { data, isPending, isError, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(recipientsQuery(campaign.id, filters));
  const recipients = useMemo(() => flat(data), [data]);
  const set = (part: Partial<typeof chosen>) => setChosen((old) => ({ ...old, ...part }));
  const isNarrowed = Boolean(search || chosen.state || chosen.step || chosen.connection !== null || chosen.variant !== null || onlyError);
  return (
    <Card>
      <div className={classes.recipientsHead}>
        <h2>{t("campaigns.recipients")}</h2>
        {campaign.started_at && <ExportMenu small label={t("campaigns.export")} onExport={(kind) => exportRecipients(campaign.id, filters, kind)} />}
      </div>
      <div className={classes.filters}>
        <TextInput size="xs" aria-label={t("campaigns.searchRecipients")} placeholder={t("campaigns.searchRecipients")} value={chosen.search} onChange={(event) => set({ search: event.currentTarget.value })} />
        <Select size="xs" clearable aria-label={t("campaigns.filterState")} placeholder={t("campaigns.all")} data={states.map((value) => ({ value, label: t(`campaigns.state.${value}`) }))} value={chosen.state} onChange={(value) => set({ state: states.find((known) => known === value) ?? null })} />
        <Select size="xs" clearable aria-label={t("campaigns.filterDelivery")} placeholder={t("campaigns.anyDelivery")} data={recipientSteps.map((value) => ({ value, label: t(`campaigns.step.${value}`) }))} value={chosen.step} onChange={(value) => set({ step: recipientSteps.find((known) => known === value) ?? null })} />
        {campaign.connections.length > 1 && <Select size="xs" clearable aria-label={t("campaigns.filterConnection")} placeholder={t("campaigns.anyConnection")} data={campaign.connections.map((line) => ({ value: String(line.connection), label: line.connection_name }))} value={chosen.connection === null ? null : String(chosen.connection)} onChange={(value) => set({ connection: value === null ? null : Number(value) })} />}
        {campaign.variants.length > 1 && !campaign.template && <Select size="xs" clearable aria-label={t("campaigns.filterVariant")} placeholder={t("campaigns.anyVariant")} data={campaign.variants.map((_, place) => ({ value: String(place), label: t("campaigns.wizard.variant", { letter: String.fromCharCode(65 + place) }) }))} value={chosen.variant === null ? null : String(chosen.variant)} onChange={(value) => set({ variant: value === null ? null : Number(value) })} />}
        {onlyError && <Button variant="light" color="gray" rightSection={<IconX size={14} />} aria-label={t("campaigns.clearFilter")} onClick={onClearError}>{t("campaigns.onlyError", { error: onlyError.words, interpolation: { escapeValue: false } })}</Button>}
      </div>
      {isPending && <LoadingRows count={4} height={52} />}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && recipients.length === 0 && <div className={classes.section}><p className={classes.quiet}>{t(campaign.started_at || isNarrowed ? "campaigns.noRecipients" : "campaigns.notFrozen")}</p></div>}
      {recipients.length > 0 && (
        <Virtuoso
          className={classes.list}
          style={{ height: Math.min(420, recipients.length * 53) }}
          data={recipients}
          computeItemKey={(_, recipient) => recipient.id}
          endReached={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
          itemContent={(_, recipient) => <Row recipient={recipient} hasVariants={campaign.variants.length > 1 && !campaign.template} />}
        />
      )}
    </Card>
  );
}

function Row({ recipient, hasVariants }: { recipient: Recipient; hasVariants: boolean }) {
  const number = recipient.address ? formatPhone(recipient.address) : "";
  return (
    <div className={classes.recipient}>
      <div className="ellipsis">
        {recipient.contact_name}
        <small>{number}{hasVariants && ` · ${String.fromCharCode(65 + (recipient.variant ?? 0))}`}</small>
      </div>
      <RecipientOutcome recipient={recipient} />
    </div>
  );
}
