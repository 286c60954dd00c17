import { useEffect } from "react";

let title = "Recado";
let unread = 0;

function show() {
  document.title = unread ? `(${unread > 99 ? "99+" : unread}) ${title}` : title;
  const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (icon) icon.href = icon.href.replace(/icon(-unread)?\.svg/, unread ? "icon-unread.svg" : "icon.svg");
}

/** The tab's title: "Inbox · Recado", and "(3) Inbox · Recado" while conversations are unread. */
export function useTitle(words: string) {
  useEffect(() => {
    title = `${words} · Recado`;
    show();
  }, [words]);
}

/** How many conversations are unread, in the title and as a dot on the tab's icon. */
export function useTitleBadge(count: number) {
  useEffect(() => {
    unread = count;
    show();
    return () => {
      unread = 0;
      show();
    };
  }, [count]);
}
