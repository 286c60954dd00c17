import { useEffect, useState } from "react";
import type { Mode } from "./composer";
import { keepDraft, keptDraft } from "./drafts";

/** The text and mode of the composer, kept as a draft. `lostFiles`: how many were attached before the page was loaded anew. */
export function useDraftKeeper(ticketId: number, files: number) {
  const [kept] = useState(() => keptDraft(ticketId));
  const [text, setText] = useState(kept?.text ?? "");
  const [mode, setMode] = useState<Mode>(kept?.mode ?? "message");
  const [lostFiles, setLostFiles] = useState(kept?.files ?? 0);
  const held = files || lostFiles;
  useEffect(() => keepDraft(ticketId, { text, mode, files: held }), [ticketId, text, mode, held]);
  return { text, setText, mode, setMode, lostFiles: files ? 0 : lostFiles, forgiveFiles: () => setLostFiles(0) };
}
