import { IconArrowBackUp, IconCopy, IconExternalLink, IconFile, IconForms, IconMapPin, IconPhone, IconPhoto, IconVideo, type Icon } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { BlobImage } from "@/components/blob-image";
import { PhoneBubble, PhoneScreen } from "@/components/phone-screen";
import screen from "@/components/phone-screen.module.css";
import { WhatsAppText } from "@/components/whatsapp-text";
import type { ButtonKind, Draft } from "./draft";
import classes from "./templates.module.css";

const buttonIcons: Record<ButtonKind, Icon> = { QUICK_REPLY: IconArrowBackUp, URL: IconExternalLink, PHONE_NUMBER: IconPhone, COPY_CODE: IconCopy, FLOW: IconForms };
const mediaIcons = { IMAGE: IconPhoto, VIDEO: IconVideo, DOCUMENT: IconFile, LOCATION: IconMapPin };

/** The message as it would arrive, with the examples in the places of the variables. */
export function TemplatePreview({ draft, from, file }: { draft: Draft; from: string; file: File | null }) {
  const { t } = useTranslation();
  const { header, body, footer, buttons, code } = draft;
  const isCode = draft.category === "AUTHENTICATION";
  const shown = useMemo(() => buttons.map(({ key, type, text }) => ({ key, Icon: buttonIcons[type], text: type === "COPY_CODE" ? t("templates.copyCode") : text || t(`templates.button.${type}`) })), [buttons, t]);
  const isEmpty = !isCode && !body.text && header.format === "NONE" && !footer && buttons.length === 0;
  return (
    <section aria-label={t("templates.preview")}>
      <PhoneScreen name={from}>
        {isEmpty ? <p className={screen.empty}>{t("templates.nothingYet")}</p> : (
          <PhoneBubble
            label={t("templates.preview")}
            media={!isCode && header.format !== "NONE" && header.format !== "TEXT" && <Media format={header.format} file={file} />}
            header={!isCode && header.format === "TEXT" && header.text && <WhatsAppText text={header.text} values={header.examples} />}
            body={isCode ? <WhatsAppText text={t("templates.codeText", { code: "*123456*" }) + (code.hasAdvice ? ` ${t("templates.codeAdvice")}` : "")} values={{}} /> : body.text && <WhatsAppText text={body.text} values={body.examples} />}
            footer={isCode ? code.minutes !== null && t("templates.codeExpires", { count: code.minutes }) : footer}
            buttons={isCode ? [<span key="code" className={classes.shownButton}><IconCopy size={16} stroke={1.8} aria-hidden />{code.label || t("templates.copyCode")}</span>] : shown.map(({ key, Icon, text }) => <span key={key} className={classes.shownButton}><Icon size={16} stroke={1.8} aria-hidden />{text}</span>)}
          />
        )}
      </PhoneScreen>
    </section>
  );
}

function Media({ format, file }: { format: keyof typeof mediaIcons; file: File | null }) {
  const Icon = mediaIcons[format];
  if (format === "IMAGE" && file) return <BlobImage blob={file} alt={file.name} className={screen.picture} />;
  if (format === "DOCUMENT") return <div className={screen.document}><Icon size={26} stroke={1.4} aria-hidden /><span className="ellipsis">{file?.name ?? "PDF"}</span></div>;
  return <div className={screen.blank}><Icon size={30} stroke={1.4} aria-hidden /></div>;
}
