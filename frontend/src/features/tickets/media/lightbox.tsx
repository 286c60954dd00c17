import { ActionIcon, Loader, Modal } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ErrorState } from "@/components/error-state";
import { type Media, useFileLink } from "../api/get-media";
import classes from "./media.module.css";
import { useDownload } from "./use-download";

export function Lightbox({ media, onClose }: { media: Media; onClose: () => void }) {
  const { t } = useTranslation();
  const { link, onError } = useFileLink(media.id, true);
  const download = useDownload();
  const name = media.filename || t("tickets.kind.image");
  const title = (
    <span className={classes.lightboxTitle}>
      <span className="ellipsis">{name}</span>
      <ActionIcon aria-label={t("tickets.media.download", { name })} onClick={() => void download(media)}><IconDownload size={18} stroke={1.6} /></ActionIcon>
    </span>
  );
  return (
    <Modal opened onClose={onClose} size="auto" centered title={title} closeButtonProps={{ "aria-label": t("common.close") }} classNames={{ body: classes.lightbox }}>
      {link.isPending && <Loader size="sm" />}
      {link.isError && <ErrorState error={link.error} onRetry={() => void link.refetch()} />}
      {link.data && <img src={link.data.url} alt={name} className={classes.whole} onError={onError} />}
    </Modal>
  );
}
