import { Radio, Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listsQuery, tagsQuery } from "@/api/lookups";
import { useCreateList } from "../api/create-list";
import { useCreateTag } from "../api/create-tag";
import { CreatableMultiSelect } from "../creatable-multi-select";
import type { Choices } from "./api/preview-import";
import type { ContactImport } from "./api/list-imports";

const onExisting = ["update", "fill", "skip"] as const;
const countries = ["BR", "AO", "AR", "BO", "CA", "CL", "CO", "CR", "DE", "DO", "EC", "ES", "FR", "GB", "GT", "IT", "MX", "MZ", "PA", "PE", "PT", "PY", "US", "UY", "VE"];

/** What to do with who is there, and what everybody of the file gets. */
export function ImportChoices({ job, onChoose }: { job: ContactImport; onChoose: (choices: Choices) => void }) {
  const { t, i18n } = useTranslation();
  const tags = useQuery(tagsQuery).data ?? [];
  const lists = useQuery(listsQuery).data ?? [];
  const createTag = useCreateTag();
  const createList = useCreateList();
  const names = new Intl.DisplayNames(i18n.language, { type: "region" });
  const regions = [...new Set([job.region ?? "BR", ...countries])].map((value) => ({ value, label: names.of(value) ?? value })).sort((a, b) => a.label.localeCompare(b.label));
  return (
    <Stack gap="md">
      <Radio.Group label={t("contacts.imports.existing")} value={job.on_existing ?? "update"} onChange={(value) => onChoose({ on_existing: onExisting.find((known) => known === value) })}>
        <Stack gap={8} mt={6}>
          {onExisting.map((value) => <Radio key={value} value={value} label={t(`contacts.imports.onExisting.${value}`)} description={t(`contacts.imports.onExistingText.${value}`)} />)}
        </Stack>
      </Radio.Group>
      <CreatableMultiSelect label={t("contacts.imports.toLists")} options={lists} value={job.lists} onChange={(value) => onChoose({ lists: value })} onCreate={(name) => createList.mutateAsync(name)} />
      <CreatableMultiSelect label={t("contacts.imports.toTags")} options={tags} value={job.tags} onChange={(value) => onChoose({ tags: value })} onCreate={(name) => createTag.mutateAsync(name)} />
      <Select searchable allowDeselect={false} label={t("contacts.imports.region")} description={t("contacts.imports.regionText")} data={regions} value={job.region ?? "BR"} onChange={(value) => value && onChoose({ region: value })} />
    </Stack>
  );
}
