import { Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ApiError } from "@/api/client";
import { connectionsQuery, usualConnection } from "@/api/lookups";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { Card } from "@/components/page";
import type { Campaign } from "./api/list-campaigns";
import { useMoveCampaign } from "./api/move-campaign";
import { useSaveCampaign } from "./api/save-campaign";
import { AudienceCount } from "./audience-count";
import { AudienceFields } from "./audience-fields";
import classes from "./campaign-form.module.css";
import { type Draft, draftOf, startsAt, writeOf } from "./draft";
import { MessageFields } from "./message-fields";

export function CampaignForm({ campaign }: { campaign: Campaign | null }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const navigate = useNavigate();
  const connections = useQuery(connectionsQuery).data ?? [];
  const save = useSaveCampaign();
  const { start } = useMoveCampaign();
  const [draft, setDraft] = useState(() => draftOf(campaign));
  const [savedId, setSavedId] = useState(campaign?.id ?? null); // a start that is refused leaves a draft behind: save into it
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const connection = draft.connection ?? usualConnection(connections)?.id ?? null;
  const error = start.error ?? save.error;
  const about = (field: string) => (error instanceof ApiError ? error.about(field) : undefined);
  const isElsewhere = error !== null && !["name", "starts_at"].some(about);
  const isBusy = save.isPending || start.isPending;

  const store = async () => {
    if (connection === null) return null;
    start.reset();
    const saved = await save.mutateAsync({ id: savedId, ...writeOf(draft, connection) }).catch(() => null);
    if (saved) setSavedId(saved.id);
    return saved;
  };
  const saveDraft = async () => {
    const saved = await store();
    if (saved) void navigate(`/campaigns/${saved.id}`);
  };
  const launch = async () => {
    const saved = await store();
    if (!saved) return;
    const started = await start.mutateAsync({ id: saved.id, starts_at: startsAt(draft) }).catch(() => null);
    if (started) void navigate(`/campaigns/${started.id}`);
  };

  return (
    <form className={classes.form} onSubmit={(event) => { event.preventDefault(); void launch(); }}>
      <div className={classes.column}>
        {isElsewhere && <FormError>{words(error)}</FormError>}
        <Card className={classes.section}>
          <TextInput label={t("campaigns.name")} placeholder={t("campaigns.nameExample")} value={draft.name} error={about("name")} onChange={(event) => change({ name: event.currentTarget.value })} />
          <Select label={t("campaigns.connection")} allowDeselect={false} data={connections.map((item) => ({ value: String(item.id), label: item.name }))} value={connection === null ? null : String(connection)} onChange={(value) => change({ connection: Number(value), template: null })} />
        </Card>
        <AudienceFields draft={draft} onChange={change} />
        <MessageFields draft={draft} connection={connections.find((item) => item.id === connection) ?? null} onChange={change} />
      </div>
      <div className={classes.side}>
        <AudienceCount draft={draft} connection={connection} />
        <Card className={classes.section}>
          <h2>{t("campaigns.when")}</h2>
          <SegmentedControl fullWidth value={draft.when} onChange={(value) => change({ when: value === "later" ? "later" : "now" })} data={[{ value: "now", label: t("campaigns.now") }, { value: "later", label: t("campaigns.later") }]} />
          {draft.when === "later" && <TextInput type="datetime-local" label={t("campaigns.startsAt")} required withAsterisk={false} value={draft.at} error={about("starts_at")} onChange={(event) => change({ at: event.currentTarget.value })} />}
          <div className={classes.actions}>
            <Button type="submit" size="sm" fullWidth disabled={connection === null} loading={isBusy}>{t(draft.when === "later" ? "campaigns.schedule" : "campaigns.startNow")}</Button>
            <Button type="button" variant="default" size="sm" fullWidth disabled={isBusy || connection === null} onClick={() => void saveDraft()}>{t("campaigns.saveDraft")}</Button>
          </div>
        </Card>
      </div>
    </form>
  );
}
