import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconAddressBook, IconCamera, IconFile, IconMapPin, IconPaperclip, IconPhoto, IconSticker, type Icon } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorToast } from "@/components/error-words";
import { shownLater } from "@/lib/shown-later";
import type { Draft } from "../outbox";
import classes from "./composing.module.css";
import { stickerOf } from "./sticker-of";
import type { As } from "./use-attachments";

const CameraDialog = shownLater(() => import("./camera-dialog").then((part) => part.CameraDialog));
const CardsDialog = shownLater(() => import("./cards-dialog").then((part) => part.CardsDialog));
const PlaceDialog = shownLater(() => import("./place-dialog").then((part) => part.PlaceDialog));

export type Choice = "photo" | "document" | "camera" | "sticker" | "location" | "contacts";
type Props = { kinds: string[]; onFiles: (files: File[], as?: As) => void; onSay: (draft: Draft) => void };

const icons: Record<Choice, Icon> = { photo: IconPhoto, document: IconFile, camera: IconCamera, sticker: IconSticker, location: IconMapPin, contacts: IconAddressBook };
const choices = Object.keys(icons) as Choice[];
/** The kinds of message of which a gateway must carry one. */
const wants: Record<Choice, string[]> = { photo: ["image", "video"], document: ["document"], camera: ["image"], sticker: ["sticker"], location: ["location"], contacts: ["contacts"] };
const accepts: Partial<Record<Choice, string>> = { photo: "image/*,video/*", camera: "image/*", sticker: "image/webp,image/png,image/jpeg" };
const isTouch = () => window.matchMedia("(pointer: coarse)").matches;

/** Everything that can be sent beside words. What the connection cannot carry says so. */
export function AttachMenu({ kinds, onFiles, onSay }: Props) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const chooser = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState<"camera" | "location" | "contacts" | null>(null);
  const [chosen, setChosen] = useState<Choice>("document");
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const may = (choice: Choice) => wants[choice].some((kind) => kinds.includes(kind));

  const choose = (choice: Choice) => {
    setChosen(choice);
    if (choice === "location" || choice === "contacts" || (choice === "camera" && !isTouch())) return setOpen(choice);
    const input = chooser.current;
    if (!input) return;
    input.accept = accepts[choice] ?? "";
    input.multiple = choice !== "camera" && choice !== "sticker";
    if (choice === "camera") input.setAttribute("capture", "environment");
    else input.removeAttribute("capture");
    input.click();
  };
  const take = async (files: File[]) => {
    if (chosen === "document") return onFiles(files, "document");
    if (chosen !== "sticker") return onFiles(files);
    const stickers = await Promise.all(files.map(stickerOf)).catch(toast);
    if (stickers) onFiles(stickers, "sticker");
  };
  const say = (draft: Draft) => {
    setOpen(null);
    onSay(draft);
  };

  return (
    <>
      <Menu position="top-start" width={264} onChange={setIsMenuOpen}>
        <Menu.Target>
          <Tooltip label={t("tickets.attach.verb")} disabled={isMenuOpen}>
            <ActionIcon aria-label={t("tickets.attach.verb")}><IconPaperclip size={19} stroke={1.6} /></ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {choices.map((choice) => {
            const ChoiceIcon = icons[choice];
            return (
              <Menu.Item key={choice} disabled={!may(choice)} leftSection={<ChoiceIcon size={18} stroke={1.6} />} onClick={() => choose(choice)}>
                {t(`tickets.attach.choice.${choice}`)}
                {!may(choice) && <span className={classes.reason}>{t("tickets.attach.unsupported")}</span>}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
      <input ref={chooser} type="file" hidden aria-hidden tabIndex={-1} data-chosen={chosen} onChange={(event) => { void take([...(event.currentTarget.files ?? [])]); event.currentTarget.value = ""; }} />
      {open === "camera" && <CameraDialog onClose={() => setOpen(null)} onTaken={(file) => { setOpen(null); onFiles([file]); }} />}
      {open === "location" && <PlaceDialog onClose={() => setOpen(null)} onSend={(location) => say({ location })} />}
      {open === "contacts" && <CardsDialog onClose={() => setOpen(null)} onSend={(contacts) => say({ contacts })} />}
    </>
  );
}
