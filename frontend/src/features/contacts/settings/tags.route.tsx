import { Button } from "@mantine/core";
import { IconPlus, IconTag } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { tagsQuery } from "@/api/lookups";
import { DeleteDialog } from "@/components/delete-dialog";
import { Dot } from "@/components/dot";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { SettingRow, SettingRows } from "@/components/setting-rows";
import { useDeleteTag } from "../api/delete-tag";
import { TagForm } from "./tag-form";

type Tag = Schemas["Tag"];

export function Component() {
  const { t } = useTranslation();
  const { data, isPending, isError, error, refetch } = useQuery(tagsQuery);
  const [form, setForm] = useState<Tag | "new" | null>(null);
  const [gone, setGone] = useState<Tag | null>(null);
  const remove = useDeleteTag();
  const add = <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={() => setForm("new")}>{t("contacts.tag.new")}</Button>;
  return (
    <Page title={t("common.settings.page.tags")} sub={t("contacts.tag.sub")} phoneBack="/settings" actions={add}>
      {isPending && <Card><LoadingRows count={4} height={60} /></Card>}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <EmptyState icon={IconTag} title={t("contacts.tag.empty")} text={t("contacts.tag.emptyText")} action={add} />}
      {data && data.length > 0 && (
        <SettingRows label={t("common.settings.page.tags")}>
          {data.map((tag) => <SettingRow key={tag.id} name={tag.name} title={<Dot round color={tag.color ?? "gray"}>{tag.name}</Dot>} onEdit={() => setForm(tag)} onDelete={() => { remove.reset(); setGone(tag); }} />)}
        </SettingRows>
      )}
      {form && <TagForm tag={form === "new" ? null : form} onClose={() => setForm(null)} />}
      {gone && <DeleteDialog name={gone.name} text={t("contacts.tag.deleteText")} isPending={remove.isPending} error={remove.error} onClose={() => setGone(null)} onConfirm={() => remove.mutate(gone.id, { onSuccess: () => setGone(null) })} />}
    </Page>
  );
}
