import { MultiSelect } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorToast } from "@/components/error-words";

type Option = { id: number; name: string };
type Props = { label: string; options: Option[]; value: number[]; onChange: (value: number[]) => void; onCreate: (name: string) => Promise<Option> };

const CREATE = "create:";

/** Choose from what is there, or type a new name and make it. */
export function CreatableMultiSelect({ label, options, value, onChange, onCreate }: Props) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const [search, setSearch] = useState("");
  const name = search.trim();
  const isNew = name !== "" && !options.some((option) => option.name.toLowerCase() === name.toLowerCase());
  const data = options.map((option) => ({ value: String(option.id), label: option.name }));

  const choose = async (chosen: string[]) => {
    const wanted = chosen.find((item) => item.startsWith(CREATE));
    const kept = chosen.filter((item) => !item.startsWith(CREATE)).map(Number);
    setSearch("");
    if (!wanted) return onChange(kept);
    const made = await onCreate(wanted.slice(CREATE.length)).catch(toast);
    if (made) onChange([...kept, made.id]);
  };

  return (
    <MultiSelect
      label={label}
      searchable
      hidePickedOptions
      data={isNew ? [...data, { value: CREATE + name, label: t("contacts.createNamed", { name }) }] : data}
      value={value.map(String)}
      onChange={(chosen) => void choose(chosen)}
      searchValue={search}
      onSearchChange={setSearch}
      nothingFoundMessage={t("contacts.typeToCreate")}
    />
  );
}
