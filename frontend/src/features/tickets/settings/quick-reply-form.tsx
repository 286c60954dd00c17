import { Button, Group, Input, Modal, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { queuesQuery } from "@/api/lookups";
import { useMay } from "@/api/session";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { VariableText } from "@/components/variable-text";
import type { Media } from "../api/get-media";
import type { QuickReply } from "../api/list-quick-replies";
import { useSaveQuickReply } from "../api/save-quick-reply";
import { ReplyBody } from "./reply-body";
import { ReplyFile } from "./reply-file";
import classes from "./settings.module.css";

const scopes = ["company", "queue", "personal"] as const;

export function QuickReplyForm({ reply, onClose }: { reply: QuickReply | null; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const isManager = useMay()("quick_reply.manage");
  const queues = useQuery(queuesQuery).data ?? [];
  const [shortcut, setShortcut] = useState(reply?.shortcut ?? "");
  const [title, setTitle] = useState(reply?.title ?? "");
  const [body, setBody] = useState(reply?.body ?? "");
  const [media, setMedia] = useState<Media | null>(reply?.media ?? null);
  const [scope, setScope] = useState<QuickReply["scope"]>(reply?.scope ?? (isManager ? "company" : "personal"));
  const [queue, setQueue] = useState(reply?.queue ? String(reply.queue.id) : null);
  const [isUploading, setIsUploading] = useState(false);
  const save = useSaveQuickReply(reply?.id);
  const about = (field: string) => (save.error instanceof ApiError ? save.error.about(field) : undefined);
  const isElsewhere = save.error !== null && !["shortcut", "title", "body", "queue", "media"].some(about);
  const isComplete = shortcut !== "" && title.trim() !== "" && (body.trim() !== "" || media !== null) && (scope !== "queue" || queue !== null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ shortcut, title: title.trim(), body, media: media?.id ?? null, scope, queue: scope === "queue" && queue ? Number(queue) : null }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} size="lg" title={t(reply ? "tickets.replies.edit" : "tickets.replies.new")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {isElsewhere && <FormError>{words(save.error)}</FormError>}
          <Group grow align="flex-start" preventGrowOverflow={false} gap="sm">
            <TextInput required maxLength={32} label={t("tickets.replies.shortcut")} description={t("tickets.replies.shortcutText")} leftSection="/" placeholder="pix" value={shortcut} error={about("shortcut")} onChange={(event) => setShortcut(event.currentTarget.value.replace(/^\/+|\s/g, ""))} data-autofocus />
            <TextInput required maxLength={120} label={t("tickets.replies.name")} description={t("tickets.replies.nameText")} value={title} error={about("title")} onChange={(event) => setTitle(event.currentTarget.value)} />
          </Group>
          <ReplyBody value={body} error={about("body")} onChange={setBody} />
          <ReplyFile media={media} error={about("media")} onChange={setMedia} onBusy={setIsUploading} />
          {body.trim() !== "" && (
            <Input.Wrapper label={t("tickets.replies.preview")} labelElement="div"><div className={classes.preview}><VariableText text={body} /></div></Input.Wrapper>
          )}
          {isManager && (
            <Input.Wrapper label={t("tickets.replies.whose")} labelElement="div">
              <SegmentedControl fullWidth aria-label={t("tickets.replies.whose")} value={scope} onChange={(value) => setScope(scopes.find((each) => each === value) ?? "company")} data={scopes.map((value) => ({ value, label: t(`tickets.replies.scope.${value}`) }))} />
            </Input.Wrapper>
          )}
          {scope === "queue" && <Select required label={t("tickets.queue")} data={queues.map(({ id, name }) => ({ value: String(id), label: name }))} value={queue} error={about("queue")} onChange={setQueue} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" loading={save.isPending} disabled={!isComplete || isUploading}>{t(reply ? "common.save" : "common.create")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
