import { Button } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { FormError } from "@/components/form-error";
import type { Media } from "../api/get-media";
import { AttachmentStrip } from "../composing/attachment-strip";
import { useAttachments } from "../composing/use-attachments";

type Props = { media: Media | null; error: string | undefined; onChange: (media: Media | null) => void; onBusy: (isBusy: boolean) => void };

/** The one file that goes with the text. */
export function ReplyFile({ media, error, onChange, onBusy }: Props) {
  const { t } = useTranslation();
  const chooser = useRef<HTMLInputElement>(null);
  const files = useAttachments();
  const uploaded = files.ready[0]?.media;
  const isBusy = files.items.length > 0;
  const tellBusy = useEffectEvent(onBusy);
  const arrived = useEffectEvent((found: Media) => {
    onChange(found);
    files.clear();
  });
  useEffect(() => tellBusy(isBusy), [isBusy]);
  useEffect(() => {
    if (uploaded) arrived(uploaded);
  }, [uploaded]);
  const kept = media ? [{ key: "kept", file: null, isVoice: media.is_voice ?? false, share: 1, media, error: null }] : [];
  const shown = files.items.length ? files.items : kept;
  return (
    <div>
      {error && <FormError>{error}</FormError>}
      {shown.length > 0 && <AttachmentStrip items={shown} onRetry={files.retry} onRemove={(key) => (key === "kept" ? onChange(null) : files.remove(key))} />}
      {shown.length === 0 && <Button variant="default" leftSection={<IconPaperclip size={16} stroke={1.8} />} onClick={() => chooser.current?.click()}>{t("tickets.replies.attach")}</Button>}
      <input ref={chooser} type="file" hidden aria-hidden tabIndex={-1} onChange={(event) => { files.add([...(event.currentTarget.files ?? [])]); event.currentTarget.value = ""; }} />
    </div>
  );
}
