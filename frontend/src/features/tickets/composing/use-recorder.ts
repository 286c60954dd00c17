import { useEffect, useRef, useState } from "react";

export type RecordingProblem = "refused" | "missing" | "unsupported";

const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4", "audio/webm"];
const endingOf = (type: string) => (type.startsWith("audio/ogg") ? "ogg" : type.startsWith("audio/mp4") ? "m4a" : "webm");

/** The browser's microphone. Over plain http (but for localhost) browsers have none. */
export function useRecorder() {
  const [startedAt, setStartedAt] = useState<number | null>(null);
  const [problem, setProblem] = useState<RecordingProblem | null>(null);
  const recorder = useRef<MediaRecorder | null>(null);

  const release = () => {
    recorder.current?.stream.getTracks().forEach((track) => track.stop());
    recorder.current = null;
  };
  useEffect(() => release, []);

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
  };
  /** The recording as a file. */
  const finish = () =>
    new Promise<File | null>((resolve) => {
      const recording = recorder.current;
      if (!recording) return resolve(null);
      recording.ondataavailable = ({ data }) => resolve(new File([data], `voice.${endingOf(recording.mimeType)}`, { type: recording.mimeType.split(";")[0] }));
      recording.stop();
      cancel();
    });
  return { startedAt, problem, forgive: () => setProblem(null), start, cancel, finish };
}
