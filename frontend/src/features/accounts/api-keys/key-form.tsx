import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { formatDay } from "@/lib/format";
import type { ApiKey } from "../api/list-api-keys";
import { type ShownApiKey, useChangeApiKey, useCreateApiKey } from "../api/save-api-key";
import { ScopePicker } from "./scope-picker";

const presets = ["30", "90", "365", "never"] as const;
const isPreset = (value: string | null): value is (typeof presets)[number] => presets.some((preset) => preset === value);
const dayIn = (days: string) => new Date(Date.now() + Number(days) * 86_400_000).toISOString();

type Props = { apiKey: ApiKey | null; onMade: (shown: ShownApiKey) => void; onClose: () => void };

/** A new key, or what an old one is called and may do. */
export function KeyForm({ apiKey, onMade, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const [name, setName] = useState(apiKey?.name ?? "");
  const [scopes, setScopes] = useState<readonly string[]>(apiKey?.scopes ?? []);
  const [expiry, setExpiry] = useState<(typeof presets)[number]>("90");
  const create = useCreateApiKey();
  const change = useChangeApiKey(apiKey?.id);
  const { error, isPending } = apiKey ? change : create;
  const about = (field: string) => (error instanceof ApiError ? error.about(field) : undefined);
  const isElsewhere = error !== null && !["name", "scopes"].some(about);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const said = { name: name.trim(), scopes: [...scopes] };
    if (!apiKey) return create.mutate({ ...said, expires_at: expiry === "never" ? null : dayIn(expiry) }, { onSuccess: onMade });
    change.mutate(said, {
      onSuccess: () => {
        notifications.show({ message: t("common.saved") });
        onClose();
      },
    });
  };
  return (
    <Modal opened size="lg" onClose={onClose} title={t(apiKey ? "security.keys.edit" : "security.keys.new")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {isElsewhere && <FormError>{words(error)}</FormError>}
          <TextInput required maxLength={80} data-autofocus label={t("security.keys.name")} description={t("security.keys.nameText")} placeholder={t("security.keys.nameExample")} value={name} error={about("name")} onChange={(event) => setName(event.currentTarget.value)} />
          {!apiKey && (
            <Select
              allowDeselect={false}
              label={t("security.keys.expiry")}
              description={expiry === "never" ? t("security.keys.neverText") : t("security.keys.expiresAt", { day: formatDay(dayIn(expiry), i18n.language) })}
              data={presets.map((value) => ({ value, label: t(`security.keys.preset.${value}`) }))}
              value={expiry}
              onChange={(value) => isPreset(value) && setExpiry(value)}
            />
          )}
          <ScopePicker chosen={scopes} error={about("scopes")} onChange={setScopes} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" loading={isPending} disabled={!name.trim() || scopes.length === 0}>{t(apiKey ? "common.save" : "common.create")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
