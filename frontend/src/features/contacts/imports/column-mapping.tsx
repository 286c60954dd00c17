import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { customFieldsQuery } from "@/api/lookups";
import { useErrorToast } from "@/components/error-words";
import { useCreateCustomField } from "./api/create-custom-field";
import type { Preview } from "./api/preview-import";
import classes from "./imports.module.css";
import { CUSTOM, plainTargets, targetName } from "./targets";

const NEW = "new";
const EXAMPLES = 3;

/** Each column of the file with its first values, and what it is of a contact. A column that is nothing yet can become a field of its own. */
export function ColumnMapping({ preview, onMap }: { preview: Preview; onMap: (mapping: string[]) => void }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const fields = useQuery(customFieldsQuery).data ?? [];
  const createField = useCreateCustomField();
  const { columns, mapping } = preview.contact_import;
  const nameOf = (place: number) => columns[place] || t("contacts.imports.column", { number: place + 1 });

  // What another column was, this one takes over.
  const put = (place: number, target: string) => onMap(mapping.map((old, index) => (index === place ? target : old === target ? "" : old)));
  const choose = async (place: number, target: string | null) => {
    if (target !== NEW) return put(place, target ?? "");
    const made = await createField.mutateAsync(nameOf(place)).catch(toast);
    if (made) put(place, CUSTOM + made.key);
  };

  return (
    <table className={classes.mapping}>
      <thead>
        <tr><th scope="col">{t("contacts.imports.inFile")}</th><th scope="col">{t("contacts.imports.examples")}</th><th scope="col">{t("contacts.imports.becomes")}</th></tr>
      </thead>
      <tbody>
        {columns.map((_, place) => (
          <tr key={place}>
            <th scope="row">{nameOf(place)}</th>
            <td>{preview.rows.map(({ cells }) => cells[place]).filter(Boolean).slice(0, EXAMPLES).join(" · ")}</td>
            <td>
              <Select
                clearable
                searchable
                disabled={createField.isPending}
                aria-label={t("contacts.imports.becomesOf", { column: nameOf(place) })}
                placeholder={t("contacts.imports.nothing")}
                data={[
                  { group: t("contacts.imports.ofContact"), items: plainTargets.map((value) => ({ value, label: targetName(value, fields, t) })) },
                  { group: t("contacts.imports.ownFields"), items: [...fields.map((field) => ({ value: CUSTOM + field.key, label: field.label })), { value: NEW, label: t("contacts.imports.newField", { name: nameOf(place) }) }] },
                ]}
                value={mapping[place] || null}
                onChange={(target) => void choose(place, target)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
