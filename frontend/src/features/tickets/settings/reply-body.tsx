import { Button, Menu, Textarea } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useVariables } from "@/components/variable-text";

type Props = { value: string; error: string | undefined; onChange: (body: string) => void };

/** The text, with a menu that puts variables where the caret is. */
export function ReplyBody({ value, error, onChange }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLTextAreaElement>(null);
  const variables = useVariables();
  const insert = (name: string) => {
    const [from, to] = [box.current?.selectionStart ?? value.length, box.current?.selectionEnd ?? value.length];
    const written = `{{${name}}}`;
    onChange(value.slice(0, from) + written + value.slice(to));
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(from + written.length, from + written.length);
    });
  };
  return (
    <div>
      <Textarea ref={box} autosize minRows={4} maxRows={12} maxLength={4096} label={t("tickets.replies.body")} description={t("tickets.replies.bodyText", { example: "{{first_name|there}}", interpolation: { skipOnVariables: true } })} value={value} error={error} onChange={(event) => onChange(event.currentTarget.value)} />
      <Menu position="bottom-start" width={260} returnFocus={false}>
        <Menu.Target><Button variant="subtle" mt={4} leftSection={<IconBraces size={16} stroke={1.8} />}>{t("tickets.replies.variable")}</Button></Menu.Target>
        <Menu.Dropdown mah={300} style={{ overflowY: "auto" }}>
          {variables.map(({ name, word }) => <Menu.Item key={name} onClick={() => insert(name)}>{word}</Menu.Item>)}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
