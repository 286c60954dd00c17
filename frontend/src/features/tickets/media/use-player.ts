import { type SyntheticEvent, useRef, useState } from "react";

const lengthOf = ({ duration }: HTMLAudioElement) => (Number.isFinite(duration) ? duration : 0); // a recording may not know its own

/** The state of an <audio>: `element` goes on it. */
export function usePlayer() {
  const audio = useRef<HTMLAudioElement>(null);
  const [isPlaying, setIsPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(0);
  const look = ({ currentTarget }: SyntheticEvent<HTMLAudioElement>) => {
    setIsPlaying(!currentTarget.paused);
    setAt(currentTarget.currentTime);
    setLength(lengthOf(currentTarget));
  };
  const element = { onPlay: look, onPause: look, onTimeUpdate: look, onDurationChange: look, onEnded: look };
  const toggle = () => {
    if (audio.current?.paused) void audio.current.play().catch(() => undefined);
    else audio.current?.pause();
  };
  const seek = (to: number) => {
    if (audio.current) audio.current.currentTime = to;
    setAt(to);
  };
  return { audio, element, isPlaying, at, length, toggle, seek };
}
