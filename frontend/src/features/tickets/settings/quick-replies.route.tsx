import { Button, TextInput } from "@mantine/core";
import { IconBolt, IconPaperclip, IconPlus, IconSearch, IconZoomCancel } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/session";
import { DeleteDialog } from "@/components/delete-dialog";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { SettingRow, SettingRows } from "@/components/setting-rows";
import { VariableText } from "@/components/variable-text";
import { useDeleteQuickReply } from "../api/delete-quick-reply";
import { type QuickReply, quickRepliesQuery } from "../api/list-quick-replies";
import { repliesMatching } from "../replies/matching";
import { ScopeMark } from "../replies/scope-mark";
import { QuickReplyForm } from "./quick-reply-form";
import classes from "./settings.module.css";

/** Texts kept ready. Agents write their own; those that others use are managers' to write, and here for all to read. */
export function Component() {
  const { t } = useTranslation();
  const may = useMay();
  const { data, isPending, isError, error, refetch } = useQuery(quickRepliesQuery);
  const [search, setSearch] = useState("");
  const [form, setForm] = useState<QuickReply | "new" | null>(null);
  const [gone, setGone] = useState<QuickReply | null>(null);
  const remove = useDeleteQuickReply();
  const words = search.trim().replace(/^\//, "");
  const found = words ? repliesMatching(data ?? [], words) : (data ?? []);
  const mayChange = ({ scope }: QuickReply) => scope === "personal" || may("quick_reply.manage");
  const add = <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={() => setForm("new")}>{t("tickets.replies.new")}</Button>;
  return (
    <Page title={t("common.settings.page.quickReplies")} sub={t("tickets.replies.sub")} phoneBack="/settings" actions={add}>
      {isPending && <Card><LoadingRows count={5} height={60} /></Card>}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <EmptyState icon={IconBolt} title={t("tickets.replies.empty")} text={t("tickets.replies.emptyText")} action={add} />}
      {data && data.length > 0 && (
        <>
          <div className={classes.tools}>
            <TextInput className={classes.search} aria-label={t("tickets.replies.search")} placeholder={t("tickets.replies.search")} leftSection={<IconSearch size={16} stroke={1.8} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
          </div>
          {found.length === 0 && <EmptyState icon={IconZoomCancel} title={t("tickets.replies.noMatch")} text={t("tickets.replies.noMatchText")} action={<Button variant="default" onClick={() => setSearch("")}>{t("common.clear")}</Button>} />}
          {found.length > 0 && (
            <SettingRows label={t("common.settings.page.quickReplies")}>
              {found.map((reply) => (
                <SettingRow key={reply.id} name={`/${reply.shortcut}`} title={<><span className={classes.shortcut}>/{reply.shortcut}</span>{reply.title}{reply.media && <IconPaperclip size={14} stroke={1.8} aria-label={t("tickets.replies.withFile")} />}</>}
                  sub={reply.body ? <VariableText text={reply.body} /> : reply.media?.filename} side={<><ScopeMark reply={reply} /><span className="tabular">{reply.usage_count ? t("tickets.replies.used", { count: reply.usage_count }) : t("tickets.replies.unused")}</span></>}
                  onEdit={mayChange(reply) ? () => setForm(reply) : undefined} onDelete={mayChange(reply) ? () => { remove.reset(); setGone(reply); } : undefined} />
              ))}
            </SettingRows>
          )}
        </>
      )}
      {form && <QuickReplyForm reply={form === "new" ? null : form} onClose={() => setForm(null)} />}
      {gone && <DeleteDialog name={`/${gone.shortcut}`} text={t(`tickets.replies.deleteText.${gone.scope}`, { queue: gone.queue?.name ?? "" })} isPending={remove.isPending} error={remove.error} onClose={() => setGone(null)} onConfirm={() => remove.mutate(gone.id, { onSuccess: () => setGone(null) })} />}
    </Page>
  );
}
