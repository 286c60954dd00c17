import { useEffect, useRef, useState } from "react";
import { uploadFile } from "@/api/files";
import { randomId } from "@/lib/random-id";
import type { Media } from "../api/get-media";

/** As what a file goes, when not as itself. */
export type As = "document" | "sticker";
export type ToSend = { media: Media; as?: As };

/** A file on its way up: `media` when it is there. Without `file` it was there before. */
export type Attachment = { key: string; file: File | null; isVoice: boolean; as?: As; share: number; media: Media | null; error: unknown };

const attachment = (file: File | null, part: Partial<Attachment> = {}): Attachment => ({ key: randomId(), file, isVoice: false, share: 0, media: null, error: null, ...part });

/** Files go up as soon as they are chosen, so that Send only sends. */
export function useAttachments() {
  const [items, setItems] = useState<Attachment[]>([]);
  const uploads = useRef(new Map<string, AbortController>());
  const patch = (key: string, part: Partial<Attachment>) => setItems((all) => all.map((item) => (item.key === key ? { ...item, ...part } : item)));

  useEffect(() => {
    const running = uploads.current;
    return () => running.forEach((upload) => upload.abort());
  }, []);

  const upload = async ({ key, file, isVoice }: Attachment) => {
    if (!file) return null;
    const cancel = new AbortController();
    uploads.current.set(key, cancel);
    try {
      const media = await uploadFile({ file, isVoice, signal: cancel.signal, onProgress: (share) => patch(key, { share }) });
      patch(key, { media, share: 1 });
      return media;
    } catch (error) {
      if (!cancel.signal.aborted) patch(key, { error });
      return null;
    } finally {
      uploads.current.delete(key);
    }
  };

  const add = (files: readonly File[], as?: As) => {
    const added = files.map((file) => attachment(file, { as }));
    setItems((all) => [...all, ...added]);
    for (const item of added) void upload(item);
  };
  /** A file that is kept already, as a quick reply's. */
  const addStored = (media: Media) => setItems((all) => (all.some((item) => item.media?.id === media.id) ? all : [...all, attachment(null, { media, share: 1 })]));
  /** A recording, once it is there; null when it did not get there: it stays among the files, to be tried again. */
  const addVoice = async (file: File) => {
    const item = attachment(file, { isVoice: true });
    setItems((all) => [...all, item]);
    const media = await upload(item);
    if (media) setItems((all) => all.filter(({ key }) => key !== item.key));
    return media;
  };
  const retry = (item: Attachment) => {
    patch(item.key, { error: null, share: 0 });
    void upload(item);
  };
  const remove = (key: string) => {
    uploads.current.get(key)?.abort();
    setItems((all) => all.filter((item) => item.key !== key));
  };
  const ready = items.flatMap(({ media, as }): ToSend[] => (media ? [as ? { media, as } : { media }] : []));
  return { items, ready, isReady: ready.length === items.length, add, addStored, addVoice, retry, remove, clear: () => setItems([]) };
}
