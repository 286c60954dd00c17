import { Button as PlainButton, Menu, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ButtonRow } from "./button-row";
import { type Button, buttonKinds, newButton } from "./draft";
import classes from "./templates.module.css";
import type { About } from "./use-faults";

const MOST = 10;
// connectors/providers/cloud_api/template_rules.py: MOST_BUTTONS.
const mostOf = { QUICK_REPLY: 10, URL: 2, PHONE_NUMBER: 1, COPY_CODE: 1, FLOW: 1 };

export function ButtonsField({ buttons, about, onChange }: { buttons: Button[]; about: About; onChange: (buttons: Button[]) => void }) {
  const { t } = useTranslation();
  const move = (from: number, to: number) => onChange(buttons.with(from, buttons[to] as Button).with(to, buttons[from] as Button));
  const own = about("buttons.buttons") && !buttons.some((_, place) => about(`buttons.buttons.${place}`)) ? about("buttons.buttons") : undefined;
  return (
    <div className={classes.buttons}>
      <div className={classes.buttonsHead}>
        <div>
          <Text size="sm" fw={500}>{t("templates.buttons")}</Text>
          <Text size="xs" c="dimmed">{t("templates.buttonsText")}</Text>
        </div>
        <Menu width={240}>
          <Menu.Target><PlainButton variant="default" disabled={buttons.length >= MOST} leftSection={<IconPlus size={15} stroke={2} />}>{t("templates.addButton")}</PlainButton></Menu.Target>
          <Menu.Dropdown>
            {buttonKinds.map((kind) => (
              <Menu.Item key={kind} disabled={buttons.filter(({ type }) => type === kind).length >= mostOf[kind]} onClick={() => onChange([...buttons, newButton(kind)])}>{t(`templates.button.${kind}`)}</Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      {own && <Text size="xs" c="var(--bad)" role="alert">{own}</Text>}
      {buttons.map((button, place) => (
        <ButtonRow
          key={button.key}
          button={button}
          about={(field) => about(`buttons.buttons.${place}.${field}`)}
          onChange={(change) => onChange(buttons.with(place, { ...button, ...change }))}
          onRemove={() => onChange(buttons.toSpliced(place, 1))}
          onUp={place > 0 ? () => move(place, place - 1) : undefined}
          onDown={place < buttons.length - 1 ? () => move(place, place + 1) : undefined}
        />
      ))}
    </div>
  );
}
