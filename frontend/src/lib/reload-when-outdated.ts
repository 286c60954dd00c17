const KEY = "recado.reloadedAt";
const ONCE_IN = 60_000;

/** A newer version was installed and the page that is asked for is gone: load the new one, once. Whatever else is wrong is told as before. */
export function reloadWhenOutdated(reload = () => window.location.reload(), now = () => Date.now()): void {
  window.addEventListener("vite:preloadError", () => {
    if (now() - Number(sessionStorage.getItem(KEY) ?? 0) < ONCE_IN) return;
    sessionStorage.setItem(KEY, String(now()));
    reload();
  });
}
