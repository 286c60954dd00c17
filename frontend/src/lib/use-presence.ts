import { useContext, useEffect, useState } from "react";
import { LiveContext } from "./live-context";

const IDLE = 5 * 60_000;
const OFTEN = 5_000;
const signs = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "focus"] as const;

/** Away when nobody has touched this tab for a while. The server takes the best of a person's tabs and devices. */
export function useIdlePresence(idleAfter = IDLE) {
  const { socket } = useContext(LiveContext);
  const [isIdle, setIsIdle] = useState(false);
  useEffect(() => {
    let timer = setTimeout(() => setIsIdle(true), idleAfter);
    let touchedAt = Date.now();
    const touch = () => {
      const now = Date.now();
      if (now - touchedAt < OFTEN && now - touchedAt < idleAfter) return;
      touchedAt = now;
      clearTimeout(timer);
      timer = setTimeout(() => setIsIdle(true), idleAfter);
      setIsIdle(false);
    };
    for (const sign of signs) window.addEventListener(sign, touch, { passive: true, capture: true });
    return () => {
      clearTimeout(timer);
      for (const sign of signs) window.removeEventListener(sign, touch, { capture: true });
    };
  }, [idleAfter]);
  // Said again after each reconnect, as rooms are.
  useEffect(() => (isIdle ? socket?.join({ event: "userStatus", status: "away" }, { event: "userStatus", status: "online" }) : undefined), [socket, isIdle]);
}
