import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, type Schemas } from "@/api/client";
import { ColorField, firstColor } from "@/components/color-field";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { useSaveTag } from "../api/save-tag";

export function TagForm({ tag, onClose }: { tag: Schemas["Tag"] | null; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [name, setName] = useState(tag?.name ?? "");
  const [color, setColor] = useState(tag?.color ?? firstColor);
  const save = useSaveTag(tag?.id);
  const aboutName = save.error instanceof ApiError ? save.error.about("name") : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ name: name.trim(), color }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} size="sm" title={t(tag ? "contacts.tag.edit" : "contacts.tag.new")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {save.error && !aboutName && <FormError>{words(save.error)}</FormError>}
          <TextInput required maxLength={60} label={t("contacts.name")} value={name} error={aboutName} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <ColorField value={color} onChange={setColor} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" loading={save.isPending} disabled={!name.trim()}>{t(tag ? "common.save" : "common.create")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
