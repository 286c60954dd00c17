import { useEffect, useRef, useState } from "react";

export type RecordingProblem = "refused" | "missing" | "unsupported" | "empty";
/** What was said, before it is sent, and where it can be heard; `seconds` because a recording does not know its own length. */
export type Recording = { file: File; seconds: number; address: string };

const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4", "audio/webm"];
const endingOf = (type: string) => (type.startsWith("audio/ogg") ? "ogg" : type.startsWith("audio/mp4") ? "m4a" : "webm");

/** The browser's microphone. Over plain http (but for localhost) browsers have none. */
export function useRecorder() {
  const [startedAt, setStartedAt] = useState<number | null>(null);
  const [recording, setRecording] = useState<Recording | null>(null);
  const [problem, setProblem] = useState<RecordingProblem | null>(null);
  const recorder = useRef<MediaRecorder | null>(null);

  const release = () => {
    recorder.current?.stream.getTracks().forEach((track) => track.stop());
    recorder.current = null;
  };
  useEffect(() => release, []);
  const forget = () => {
    if (recording) URL.revokeObjectURL(recording.address);
    setRecording(null);
  };

  const start = async () => {
    setProblem(null);
    if (!("mediaDevices" in navigator) || typeof MediaRecorder === "undefined") return setProblem("unsupported");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      recorder.current = new MediaRecorder(stream, { mimeType: TYPES.find((type) => MediaRecorder.isTypeSupported(type)) });
      recorder.current.start();
      setStartedAt(Date.now());
    } catch (error) {
      setProblem(error instanceof DOMException && error.name === "NotAllowedError" ? "refused" : "missing");
    }
  };
  const cancel = () => {
    release();
    setStartedAt(null);
    forget();
  };
  const ended = () =>
    new Promise<Omit<Recording, "address"> | null>((resolve) => {
      const running = recorder.current;
      if (!running || startedAt === null) return resolve(null);
      const seconds = (Date.now() - startedAt) / 1000;
      running.ondataavailable = ({ data }) => {
        if (data.size === 0) setProblem("empty");
        resolve(data.size === 0 ? null : { file: new File([data], `voice.${endingOf(running.mimeType)}`, { type: running.mimeType.split(";")[0] }), seconds });
      };
      running.stop();
      release();
      setStartedAt(null);
    });
  /** Stops, to be listened to before it goes. */
  const stop = async () => {
    const heard = await ended();
    setRecording(heard && { ...heard, address: URL.createObjectURL(heard.file) });
  };
  /** The recording, running or stopped, to be sent. */
  const take = async () => {
    const taken = recording ?? (await ended());
    forget();
    return taken?.file ?? null;
  };
  return { startedAt, recording, isBusy: startedAt !== null || recording !== null, problem, forgive: () => setProblem(null), start, stop, cancel, take };
}
