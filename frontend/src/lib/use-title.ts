import { useEffect } from "react";

/** The tab's title: "Inbox · Recado". */
export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Recado`;
  }, [title]);
}
