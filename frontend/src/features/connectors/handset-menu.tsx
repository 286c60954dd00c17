import { ActionIcon, Button, Group, Menu, Modal, Stack, TextInput } from "@mantine/core";
import { IconAddressBook, IconFile, IconMapPin, IconPlus, IconSticker } from "@tabler/icons-react";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { uploadFile } from "@/api/files";
import { useErrorToast } from "@/components/error-words";
import type { Saying } from "./api/play-customers";

/** What a customer sends beside words: files, where they are, and somebody's card. */
export function HandsetMenu({ onSay }: { onSay: (saying: Saying) => void }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const chooser = useRef<HTMLInputElement>(null);
  const [isSticker, setIsSticker] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [open, setOpen] = useState<"place" | "card" | null>(null);
  const choose = (wantsSticker: boolean) => {
    setIsSticker(wantsSticker);
    if (chooser.current) chooser.current.accept = wantsSticker ? "image/webp" : "";
    chooser.current?.click();
  };
  const send = async (file: File | undefined) => {
    if (!file) return;
    setIsBusy(true);
    const media = await uploadFile({ file, isVoice: false, onProgress: () => undefined, signal: new AbortController().signal }).catch(toast);
    setIsBusy(false);
    if (media) onSay({ kind: isSticker ? "sticker" : media.kind, media: media.id });
  };
  const say = (saying: Saying) => {
    setOpen(null);
    onSay(saying);
  };
  return (
    <>
      <Menu position="top-start" width={200}>
        <Menu.Target><ActionIcon size={36} radius={999} loading={isBusy} aria-label={t("connectors.phone.more")}><IconPlus size={18} stroke={1.8} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFile size={16} stroke={1.6} />} onClick={() => choose(false)}>{t("connectors.phone.file")}</Menu.Item>
          <Menu.Item leftSection={<IconSticker size={16} stroke={1.6} />} onClick={() => choose(true)}>{t("connectors.phone.sticker")}</Menu.Item>
          <Menu.Item leftSection={<IconMapPin size={16} stroke={1.6} />} onClick={() => setOpen("place")}>{t("connectors.phone.place")}</Menu.Item>
          <Menu.Item leftSection={<IconAddressBook size={16} stroke={1.6} />} onClick={() => setOpen("card")}>{t("connectors.phone.card")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input ref={chooser} type="file" hidden aria-hidden tabIndex={-1} onChange={(event) => { void send(event.currentTarget.files?.[0]); event.currentTarget.value = ""; }} />
      {open && <SayDialog what={open} onClose={() => setOpen(null)} onSay={say} />}
    </>
  );
}

function SayDialog({ what, onClose, onSay }: { what: "place" | "card"; onClose: () => void; onSay: (saying: Saying) => void }) {
  const { t } = useTranslation();
  const isPlace = what === "place";
  const [name, setName] = useState("");
  const [where, setWhere] = useState(isPlace ? "-23.5614, -46.6559" : "");
  const [latitude, longitude] = where.split(",").map(Number);
  const isPoint = latitude !== undefined && longitude !== undefined && Number.isFinite(latitude) && Number.isFinite(longitude);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPlace && isPoint) return onSay({ kind: "location", place: { latitude, longitude, name: name.trim() } });
    if (!isPlace) onSay({ kind: "contacts", body: name.trim(), cards: [{ name: name.trim(), phone: where.trim() }] });
  };
  return (
    <Modal opened onClose={onClose} size="sm" title={t(`connectors.phone.${what}`)} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput required={!isPlace} label={t("connectors.phone.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <TextInput required type={isPlace ? "text" : "tel"} label={t(isPlace ? "connectors.phone.coordinates" : "connectors.phone.number")} value={where} onChange={(event) => setWhere(event.currentTarget.value)} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" disabled={isPlace ? !isPoint : !name.trim() || !where.trim()}>{t("connectors.phone.send")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
