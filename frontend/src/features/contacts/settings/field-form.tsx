import { Button, Group, Modal, Select, Stack, TagsInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, type Schemas } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { useSaveCustomField } from "../api/save-custom-field";

type Field = Schemas["CustomField"];
type Kind = NonNullable<Field["kind"]>;

const kinds = ["text", "number", "date", "boolean", "choice"] as const;
/** "Data de nascimento" → "data-de-nascimento". */
const keyOf = (label: string) => label.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);

/** What is written in a field hangs on its key and kind, so they stay as they were made. */
export function FieldForm({ field, position, onClose }: { field: Field | null; position: number; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [label, setLabel] = useState(field?.label ?? "");
  const [key, setKey] = useState<string | null>(field?.key ?? null);
  const [kind, setKind] = useState<Kind>(field?.kind ?? "text");
  const [choices, setChoices] = useState<string[]>([...(field?.choices ?? [])]);
  const save = useSaveCustomField(field?.id);
  const about = (attr: string) => (save.error instanceof ApiError ? (save.error.about(attr) ?? save.error.faults.find((fault) => fault.attr?.startsWith(`${attr}.`))?.detail) : undefined);
  const isElsewhere = save.error !== null && !["label", "key", "kind", "choices"].some(about);
  const shownKey = key ?? keyOf(label);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ label: label.trim(), key: shownKey, kind, choices: kind === "choice" ? choices : [], position: field?.position ?? position }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={t(field ? "contacts.field.edit" : "contacts.field.new")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {isElsewhere && <FormError>{words(save.error)}</FormError>}
          <TextInput required maxLength={80} label={t("contacts.field.label")} placeholder={t("contacts.field.example")} value={label} error={about("label")} onChange={(event) => setLabel(event.currentTarget.value)} data-autofocus />
          <Select label={t("contacts.field.kindLabel")} description={field ? t("contacts.field.fixed") : undefined} disabled={field !== null} allowDeselect={false} data={kinds.map((value) => ({ value, label: t(`contacts.field.kind.${value}`) }))} value={kind} error={about("kind")} onChange={(value) => setKind(kinds.find((each) => each === value) ?? "text")} />
          {kind === "choice" && <TagsInput label={t("contacts.field.choices")} description={t("contacts.field.choicesText")} value={choices} error={about("choices")} onChange={setChoices} />}
          <TextInput required maxLength={40} label={t("contacts.field.key")} description={t("contacts.field.keyText", { name: `{{custom.${shownKey || "…"}}}`, interpolation: { skipOnVariables: true } })} disabled={field !== null} value={shownKey} error={about("key")} onChange={(event) => setKey(event.currentTarget.value)} />
          <Group justify="flex-end" gap="xs" mt="xs">
            <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" loading={save.isPending} disabled={!label.trim() || !shownKey}>{t(field ? "common.save" : "common.create")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
