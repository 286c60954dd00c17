const HELD = 10_000;

/** Whether this tab is the first of the person's tabs to take `name`; the others are told no for a while. */
export function isFirstTab(name: string): Promise<boolean> {
  if (!("locks" in navigator)) return Promise.resolve(isFirstByStorage(name)); // http without localhost
  return new Promise((answer) => {
    void navigator.locks.request(`recado.${name}`, { ifAvailable: true }, (lock) => {
      answer(lock !== null);
      return lock === null ? undefined : new Promise((release) => setTimeout(release, HELD));
    });
  });
}

function isFirstByStorage(name: string) {
  const key = `recado.first.${name}`;
  const takenAt = Number(localStorage.getItem(key));
  if (takenAt > Date.now() - HELD) return false;
  localStorage.setItem(key, String(Date.now()));
  setTimeout(() => localStorage.removeItem(key), HELD);
  return true;
}
