import { Button, Group, Loader, Modal } from "@mantine/core";
import { IconCamera, IconRefresh } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { FormError } from "@/components/form-error";
import { BlobImage } from "@/components/blob-image";
import classes from "./composing.module.css";

type Problem = "refused" | "missing" | "unsupported";
type Props = { onTaken: (photo: File) => void; onClose: () => void };

const stamp = () => new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");

/** A photo by the computer's own camera; it can be taken again before it is used. */
export function CameraDialog({ onTaken, onClose }: Props) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const [isOn, setIsOn] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(() => ("mediaDevices" in navigator ? null : "unsupported"));
  const [photo, setPhoto] = useState<File | null>(null);

  useEffect(() => {
    if (photo || problem) return;
    let stream: MediaStream | undefined;
    let isGone = false;
    navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1920 }, height: { ideal: 1080 } } }).then(
      (found) => {
        stream = found;
        if (isGone || !video.current) return found.getTracks().forEach((track) => track.stop());
        video.current.srcObject = found;
      },
      (error: unknown) => setProblem(error instanceof DOMException && error.name === "NotAllowedError" ? "refused" : "missing"),
    );
    return () => {
      isGone = true;
      setIsOn(false);
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, [photo, problem]);

  const shoot = () => {
    const picture = video.current;
    if (!picture) return;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.videoWidth, picture.videoHeight];
    canvas.getContext("2d")?.drawImage(picture, 0, 0);
    canvas.toBlob((blob) => blob && setPhoto(new File([blob], `photo-${stamp()}.jpg`, { type: "image/jpeg" })), "image/jpeg", 0.9);
  };

  return (
    <Modal opened onClose={onClose} size="lg" title={t("tickets.camera.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      {problem ? (
        <FormError>{t(`tickets.camera.${problem}`)}</FormError>
      ) : (
        <div className={classes.stage}>
          {photo ? <BlobImage blob={photo} alt={t("tickets.camera.taken")} /> : <video ref={video} autoPlay playsInline muted aria-label={t("tickets.camera.live")} onPlaying={() => setIsOn(true)} />}
          {!photo && !isOn && <Loader size="sm" className={classes.stageLoader} />}
        </div>
      )}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
        {problem && problem !== "unsupported" && <Button leftSection={<IconRefresh size={16} stroke={1.8} />} onClick={() => setProblem(null)}>{t("common.retry")}</Button>}
        {photo && <Button variant="default" leftSection={<IconRefresh size={16} stroke={1.8} />} onClick={() => setPhoto(null)}>{t("tickets.camera.again")}</Button>}
        {photo && <Button onClick={() => onTaken(photo)}>{t("tickets.camera.use")}</Button>}
        {!photo && !problem && <Button disabled={!isOn} leftSection={<IconCamera size={16} stroke={1.8} />} onClick={shoot} data-autofocus>{t("tickets.camera.shoot")}</Button>}
      </Group>
    </Modal>
  );
}
