import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import { IconFileExport } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorToast } from "./error-words";

export type FileKind = (typeof kinds)[number];
type Props = { label: string; small?: boolean; onExport: (kind: FileKind) => Promise<void> };

const kinds = ["csv-semicolon", "csv", "xlsx"] as const;

/** What is shown, as a file: the kinds that spreadsheets of here and elsewhere open right. */
export function ExportMenu({ label, small, onExport }: Props) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const [isBusy, setIsBusy] = useState(false);
  const [isOpen, setIsOpen] = useState(false); // its name would lie on the open menu
  const start = (kind: FileKind) => {
    setIsBusy(true);
    void onExport(kind).catch(toast).finally(() => setIsBusy(false));
  };
  return (
    <Menu opened={isOpen} onChange={setIsOpen}>
      <Menu.Target>
        {small ? (
          <Tooltip label={label} disabled={isOpen}><ActionIcon aria-label={label} loading={isBusy}><IconFileExport size={18} stroke={1.6} /></ActionIcon></Tooltip>
        ) : (
          <Button variant="default" loading={isBusy} leftSection={<IconFileExport size={16} stroke={1.8} />}>{label}</Button>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        {kinds.map((kind) => <Menu.Item key={kind} onClick={() => start(kind)}>{t(`common.export.${kind}`)}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}
