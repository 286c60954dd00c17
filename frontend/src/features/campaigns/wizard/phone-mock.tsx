import { Button, Select } from "@mantine/core";
import { IconFile, IconMusic, IconPhoto, IconVideo } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { templatesQuery } from "@/api/lookups";
import { thumbnailQuery } from "@/api/files";
import { BlobImage } from "@/components/blob-image";
import { PhoneBubble, PhoneScreen } from "@/components/phone-screen";
import classes from "@/components/phone-screen.module.css";
import { formatPhone } from "@/lib/format";
import { bodyOf, bound, framesOf, piecesOf } from "@/lib/template";
import type { Sample } from "../api/preview-audience";
import type { Draft, Media } from "../draft";

const icons = { image: IconPhoto, video: IconVideo, audio: IconMusic, document: IconFile, sticker: IconPhoto };

type Props = { draft: Draft; connection: { id: number; name: string } | null; variant: number; samples: Sample[]; like: number; onLike: (place: number) => void; onVariant: (place: number) => void; onOther?: () => void };

/** What somebody of the audience would see on their phone. */
export function PhoneMock({ draft, connection, variant, samples, like, onLike, onVariant, onOther }: Props) {
  const { t } = useTranslation();
  const template = useQuery({ ...templatesQuery(connection?.id ?? 0), enabled: draft.kind === "template" && connection !== null }).data?.find(({ id }) => id === draft.template);
  const sample = samples[like] ?? samples[0];
  const values = sample?.values ?? {};
  const shown = draft.variants[variant] ?? draft.variants[0];
  const frames = template ? framesOf(template) : null;
  const isTemplate = draft.kind === "template";
  const media = isTemplate ? draft.headerMedia : shown?.media;
  const body = isTemplate ? (template ? bound(bodyOf(template), draft.variables) : "") : (shown?.body ?? "");
  const header = frames?.header ? bound(frames.header, draft.variables, "header.") : "";
  return (
    <section className={classes.wrap} aria-label={t("campaigns.wizard.preview")}>
      <div className={classes.choices}>
        {!isTemplate && draft.variants.length > 1 && <Select size="xs" aria-label={t("campaigns.wizard.shownVariant")} allowDeselect={false} data={draft.variants.map((_, place) => ({ value: String(place), label: t("campaigns.wizard.variant", { letter: String.fromCharCode(65 + place) }) }))} value={String(Math.min(variant, draft.variants.length - 1))} onChange={(value) => onVariant(Number(value))} />}
        {samples.length > 0 && <Select size="xs" aria-label={t("campaigns.wizard.like")} allowDeselect={false} data={samples.map((each, place) => ({ value: String(place), label: t("campaigns.wizard.as", { name: each.name || formatPhone(each.address) }) }))} value={String(samples[like] ? like : 0)} onChange={(value) => onLike(Number(value))} />}
        {samples.length > 0 && onOther && <Button size="compact-sm" variant="subtle" onClick={onOther}>{t("campaigns.people.other")}</Button>}
      </div>
      <PhoneScreen name={connection?.name ?? ""}>
        {!body && !media && !header ? (
          <p className={classes.empty}>{t("campaigns.wizard.nothingYet")}</p>
        ) : (
          <PhoneBubble
            label={t("campaigns.message")}
            media={media ? <Shown media={media} /> : frames?.media && <div className={classes.blank}><Placeholder kind={frames.media} /></div>}
            header={header && <Filled text={header} values={values} />}
            body={body && <Filled text={body} values={values} />}
            footer={frames?.footer}
            buttons={frames?.buttons}
          />
        )}
      </PhoneScreen>
    </section>
  );
}

function Filled({ text, values }: { text: string; values: Record<string, string> }) {
  return piecesOf(text, values).map((piece, place) => (piece.variable ? <mark key={place} title={piece.variable}>{piece.text}</mark> : <span key={place}>{piece.text}</span>));
}

function Placeholder({ kind }: { kind: keyof typeof icons }) {
  const Icon = icons[kind];
  return <Icon size={30} stroke={1.4} aria-hidden />;
}

function Shown({ media }: { media: Media }) {
  const { data } = useQuery(thumbnailQuery(media));
  if (data) return <BlobImage blob={data} alt={media.filename} className={classes.picture} />;
  return <div className={media.kind === "image" || media.kind === "video" ? classes.blank : classes.document}><Placeholder kind={media.kind} />{media.kind !== "image" && <span className="ellipsis">{media.filename}</span>}</div>;
}
