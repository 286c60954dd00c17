import { ScrollArea, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { customFieldsQuery } from "@/api/lookups";
import { formatPhone } from "@/lib/format";
import type { Preview } from "./api/preview-import";
import classes from "./imports.module.css";
import { targetName } from "./targets";

/** The first rows as they would be imported; one that cannot says why. */
export function PreviewRows({ preview }: { preview: Preview }) {
  const { t } = useTranslation();
  const fields = useQuery(customFieldsQuery).data ?? [];
  const mapped = preview.contact_import.mapping.map((target, place) => ({ target, place })).filter(({ target }) => target !== "");
  return (
    <ScrollArea className={classes.preview} type="auto">
      <Table verticalSpacing={6} horizontalSpacing="sm" fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("contacts.imports.row")}</Table.Th>
            {mapped.map(({ target, place }) => <Table.Th key={place}>{targetName(target, fields, t)}</Table.Th>)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.rows.map((row) => (
            <Table.Tr key={row.number} data-bad={row.error ? true : undefined}>
              <Table.Td className="tabular">{row.number}</Table.Td>
              {mapped.map(({ target, place }) => (
                <Table.Td key={place}>
                  <div className={classes.cell}>{target === "phone" && row.phone ? formatPhone(row.phone) : row.cells[place]}</div>
                  {target === "phone" && row.error && <div className={classes.bad}>{row.error}</div>}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}
