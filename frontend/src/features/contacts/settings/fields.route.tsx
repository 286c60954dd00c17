import { Button } from "@mantine/core";
import { IconForms, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { customFieldsQuery } from "@/api/lookups";
import { DeleteDialog } from "@/components/delete-dialog";
import { EmptyState } from "@/components/empty-state";
import { ErrorState } from "@/components/error-state";
import { useErrorToast } from "@/components/error-words";
import { LoadingRows } from "@/components/loading-rows";
import { Card, Page } from "@/components/page";
import { SettingRow, SettingRows } from "@/components/setting-rows";
import { moved } from "@/lib/reorder";
import { useDeleteCustomField } from "../api/delete-custom-field";
import { useOrderCustomFields } from "../api/order-custom-fields";
import { FieldForm } from "./field-form";

type Field = Schemas["CustomField"];

export function Component() {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const { data, isPending, isError, error, refetch } = useQuery(customFieldsQuery);
  const [form, setForm] = useState<Field | "new" | null>(null);
  const [gone, setGone] = useState<Field | null>(null);
  const remove = useDeleteCustomField();
  const order = useOrderCustomFields();
  const fields = data ?? [];
  const move = (from: number, to: number) => order.mutate(moved(fields, from, to), { onError: toast });
  const choices = (field: Field) => (field.choices?.length ? `: ${field.choices.join(", ")}` : "");
  const add = <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={() => setForm("new")}>{t("contacts.field.new")}</Button>;
  return (
    <Page title={t("common.settings.page.fields")} sub={t("contacts.field.sub")} phoneBack="/settings" actions={add}>
      {isPending && <Card><LoadingRows count={4} height={60} /></Card>}
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <EmptyState icon={IconForms} title={t("contacts.field.empty")} text={t("contacts.field.emptyText")} action={add} />}
      {fields.length > 0 && (
        <SettingRows label={t("common.settings.page.fields")}>
          {fields.map((field, index) => (
            <SettingRow key={field.id} name={field.label} title={field.label} sub={t(`contacts.field.kind.${field.kind ?? "text"}`) + choices(field)} side={<code>{`{{custom.${field.key}}}`}</code>} hasOrder={fields.length > 1}
              onUp={index > 0 ? () => move(index, index - 1) : undefined} onDown={index < fields.length - 1 ? () => move(index, index + 1) : undefined} onEdit={() => setForm(field)} onDelete={() => { remove.reset(); setGone(field); }} />
          ))}
        </SettingRows>
      )}
      {form && <FieldForm field={form === "new" ? null : form} position={fields.length} onClose={() => setForm(null)} />}
      {gone && <DeleteDialog name={gone.label} text={t("contacts.field.deleteText", { key: gone.key })} isPending={remove.isPending} error={remove.error} onClose={() => setGone(null)} onConfirm={() => remove.mutate(gone.id, { onSuccess: () => setGone(null) })} />}
    </Page>
  );
}
