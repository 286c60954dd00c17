import { ActionIcon, Tooltip } from "@mantine/core";
import { IconBolt, IconMicrophone, IconTemplate } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Draft } from "../outbox";
import { AttachMenu } from "./attach-menu";
import type { As } from "./use-attachments";

type Props = { kinds: string[]; hasTemplates: boolean; onFiles: (files: File[], as?: As) => void; onSay: (draft: Draft) => void; onRecord: () => void; onReplies: () => void; onTemplate: () => void };

/** What an answer may hold beside typed words. A button that the connection cannot serve stays and says why. */
export function ComposerTools({ kinds, hasTemplates, onFiles, onSay, onRecord, onReplies, onTemplate }: Props) {
  const { t } = useTranslation();
  const canRecord = kinds.includes("audio");
  return (
    <>
      <AttachMenu kinds={kinds} onFiles={onFiles} onSay={onSay} />
      <Tooltip label={t(canRecord ? "tickets.record.verb" : "tickets.record.impossible")}>
        <ActionIcon aria-label={t("tickets.record.verb")} data-disabled={!canRecord || undefined} aria-disabled={!canRecord} onClick={() => canRecord && onRecord()}><IconMicrophone size={19} stroke={1.6} /></ActionIcon>
      </Tooltip>
      <Tooltip label={t("tickets.replies.open")}>
        <ActionIcon aria-label={t("tickets.replies.title")} onMouseDown={(event) => event.preventDefault()} onClick={onReplies}><IconBolt size={19} stroke={1.6} /></ActionIcon>
      </Tooltip>
      {hasTemplates && (
        <Tooltip label={t("tickets.template")}>
          <ActionIcon aria-label={t("tickets.template")} onClick={onTemplate}><IconTemplate size={19} stroke={1.6} /></ActionIcon>
        </Tooltip>
      )}
    </>
  );
}
