import { useEffect, useRef, useState } from "react";
import { uploadFile } from "@/api/files";
import { randomId } from "@/lib/random-id";
import type { Media } from "../api/get-media";

/** A file on its way up: `media` when it is there. */
export type Attachment = { key: string; file: File; isVoice: boolean; share: number; media: Media | null; error: unknown };

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

  const add = (files: readonly File[]) => {
    const added = files.map((file): Attachment => ({ key: randomId(), file, isVoice: false, share: 0, media: null, error: null }));
    setItems((all) => [...all, ...added]);
    for (const item of added) void upload(item);
  };
  /** A recording, once it is there; null when it did not get there: it stays among the files, to be tried again. */
  const addVoice = async (file: File) => {
    const item: Attachment = { key: randomId(), file, isVoice: true, share: 0, media: null, error: null };
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
  const media = items.flatMap((item) => (item.media ? [item.media] : []));
  return { items, media, isReady: media.length === items.length, add, addVoice, retry, remove, clear: () => setItems([]) };
}
