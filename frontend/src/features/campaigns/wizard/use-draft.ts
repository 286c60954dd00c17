import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSession } from "@/api/session";
import type { Campaign } from "../api/list-campaigns";
import { useSaveCampaign } from "../api/save-campaign";
import { type Draft, draftOf, isWorthSaving, recipientsOf, writeOf } from "../draft";

const PAUSE_MILLISECONDS = 900;

/** What changes; as a function where something that took a while, an upload, meets what was typed meanwhile. */
export type Change = Partial<Draft> | ((old: Draft) => Partial<Draft>);

/**
 * The wizard's draft, which saves itself a moment after each change, one save at a time. A scheduled campaign is saved only on demand:
 * it would go out as it stands.
 */
export function useDraft(campaign: Campaign | null, numbers: string, usualConnection: number | null) {
  const zone = useSession().company.timezone;
  const save = useSaveCampaign();
  const [draft, setDraft] = useState<Draft>(() => draftOf(campaign, zone, numbers));
  const [saved, setSaved] = useState<Campaign | null>(campaign);
  const [savedNumbers, setSavedNumbers] = useState(numbers);
  const connection = draft.connection ?? usualConnection;
  const savesItself = (saved?.status ?? "draft") === "draft";
  const content = useMemo(() => (connection === null ? "" : JSON.stringify(writeOf(draft, connection))), [draft, connection]);
  const [savedContent, setSavedContent] = useState(() => (campaign ? content : null));
  const isDirty = (savedContent === null ? isWorthSaving(draft) : content !== savedContent) || draft.numbers !== savedNumbers;
  const [refused, setRefused] = useState<{ content: string; numbers: string; error: unknown } | null>(null);
  const isRefused = refused !== null && refused.content === content && refused.numbers === draft.numbers;
  const running = useRef<Promise<Campaign | null> | null>(null);
  const id = useRef(campaign?.id ?? null);
  // What the server has, known at once: a save that was asked for twice goes once, and none comes after the start.
  const kept = useRef<{ content: string; numbers: string; campaign: Campaign } | null>(null);

  const { mutateAsync } = save;
  const store = useCallback(async (): Promise<Campaign | null> => {
    if (running.current) await running.current;
    if (connection === null) return null;
    if (kept.current?.content === content && kept.current.numbers === draft.numbers) return kept.current.campaign;
    const hasNewNumbers = draft.numbers !== savedNumbers;
    const work = mutateAsync({ id: id.current, ...writeOf(draft, connection), ...(hasNewNumbers ? { recipients: recipientsOf(draft) } : {}) }).then(
      (stored) => {
        id.current = stored.id;
        kept.current = { content, numbers: draft.numbers, campaign: stored };
        setSaved(stored);
        setSavedContent(content);
        setSavedNumbers(draft.numbers);
        setRefused(null);
        return stored;
      },
      (error: unknown) => {
        setRefused({ content, numbers: draft.numbers, error });
        return null;
      },
    );
    running.current = work;
    const stored = await work;
    if (running.current === work) running.current = null;
    return stored;
  }, [connection, content, draft, mutateAsync, savedNumbers]);

  useEffect(() => {
    if (!isDirty || isRefused || !savesItself || connection === null) return;
    const timer = setTimeout(() => void store(), PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [isDirty, isRefused, savesItself, connection, store]);

  const change = useCallback((part: Change) => setDraft((old) => ({ ...old, ...(typeof part === "function" ? part(old) : part) })), []);
  return { draft, change, saved, connection, zone, isDirty, isSaving: save.isPending, savesItself, error: isRefused ? refused.error : null, store, areNumbersSaved: draft.numbers === savedNumbers };
}

export type Drafting = ReturnType<typeof useDraft>;
