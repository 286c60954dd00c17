import { Modal, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { turnKeys, useKeysAreOn } from "@/lib/commands";
import { shortcuts } from "./keys";
import classes from "./palette.module.css";

/** What the keyboard can do, and a way to switch single keys off. */
export default function ShortcutsHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const areOn = useKeysAreOn();
  return (
    <Modal opened onClose={onClose} size="lg" title={t("common.keys.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <div className={classes.help}>
        {shortcuts.map(({ group, rows }) => (
          <section key={group}>
            <h3 className={classes.heading}>{t(`common.keys.group.${group}`)}</h3>
            <dl className={classes.keys}>
              {rows.map(([name, keys]) => (
                <div key={name} className={classes.row}>
                  <dt>{t(`common.keys.${name}`)}</dt>
                  <dd>{keys.split(" ").map((key) => <kbd key={key} className={classes.key}>{key}</kbd>)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch mt="lg" label={t("common.keys.on")} description={t("common.keys.onText")} checked={areOn} onChange={(event) => turnKeys(event.currentTarget.checked)} />
    </Modal>
  );
}
