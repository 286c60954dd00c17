import { ActionIcon, Loader, Modal } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorState } from "@/components/error-state";
import { fileLinkQuery, type Media } from "../api/get-media";
import classes from "./media.module.css";
import { useDownload } from "./use-download";

export function Lightbox({ media, onClose }: { media: Media; onClose: () => void }) {
  const { t } = useTranslation();
  const link = useQuery(fileLinkQuery(media.id));
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
      {link.data && <img src={link.data.url} alt={name} className={classes.whole} />}
    </Modal>
  );
}
