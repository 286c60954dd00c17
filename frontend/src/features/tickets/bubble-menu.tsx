import { ActionIcon, Menu } from "@mantine/core";
import { IconChevronDown, IconCopy, IconCornerUpLeft, IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "./api/list-messages";
import type { BubbleDeeds } from "./bubble";
import classes from "./bubble.module.css";
import { useDownload } from "./media/use-download";
import { reactionsOf } from "./payload";

const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

type Props = { message: Message; deeds: BubbleDeeds };

/** What one can do with a message. The menu itself is made when it is first wanted: a conversation has many bubbles. */
export function BubbleMenu({ message, deeds }: Props) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const button = <ActionIcon size={22} radius={999} className={classes.more} data-open={isOpen || undefined} aria-label={t("tickets.messageMenu")} onClick={() => setIsOpen(!isOpen)}><IconChevronDown size={15} stroke={2} /></ActionIcon>;
  if (!isOpen) return button;
  return (
    <Menu opened onChange={setIsOpen} position="bottom-end" width={250}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown><Items message={message} deeds={deeds} onDone={() => setIsOpen(false)} /></Menu.Dropdown>
    </Menu>
  );
}

function Items({ message, deeds, onDone }: Props & { onDone: () => void }) {
  const { t } = useTranslation();
  const download = useDownload();
  const ours = reactionsOf(message.payload).find(({ isOurs }) => isOurs)?.emoji;
  const isKnownToThem = message.external_id !== "" && message.kind !== "note";
  const react = (emoji: string) => {
    deeds.onReact(message.id, emoji === ours ? "" : emoji);
    onDone();
  };
  return (
    <>
      {deeds.mayReact && isKnownToThem && (
        <div className={classes.emojis} role="group" aria-label={t("tickets.react")}>
          {EMOJIS.map((emoji) => <button key={emoji} type="button" className={classes.emoji} aria-pressed={emoji === ours} onClick={() => react(emoji)}>{emoji}</button>)}
        </div>
      )}
      {deeds.mayReply && isKnownToThem && <Menu.Item leftSection={<IconCornerUpLeft size={16} stroke={1.6} />} onClick={() => deeds.onReply(message)}>{t("tickets.reply")}</Menu.Item>}
      {message.body && <Menu.Item leftSection={<IconCopy size={16} stroke={1.6} />} onClick={() => void navigator.clipboard?.writeText(message.body)}>{t("tickets.copyText")}</Menu.Item>}
      {message.media?.state === "ready" && <Menu.Item leftSection={<IconDownload size={16} stroke={1.6} />} onClick={() => message.media && void download(message.media)}>{t("tickets.media.downloadVerb")}</Menu.Item>}
    </>
  );
}
