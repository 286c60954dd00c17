import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconDots, IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useMay } from "@/api/session";
import { Confirm } from "@/components/confirm";
import { useErrorToast } from "@/components/error-words";
import { useDeleteCampaign } from "./api/delete-campaign";
import type { Campaign } from "./api/list-campaigns";
import { useMoveCampaign } from "./api/move-campaign";

export function CampaignActions({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const onError = useErrorToast();
  const navigate = useNavigate();
  const may = useMay();
  const { start, pause, resume, cancel } = useMoveCampaign();
  const remove = useDeleteCampaign();
  const [asked, setAsked] = useState<"start" | "cancel" | "delete" | null>(null);
  const { id, status } = campaign;
  const close = () => setAsked(null);
  const isDraft = status === "draft";
  const isMoving = status === "scheduled" || status === "running" || status === "paused";
  if (!may("campaign.start")) return null;
  return (
    <>
      {isDraft && <Button variant="default" component={Link} to={`/campaigns/${id}/edit`} leftSection={<IconPencil size={16} stroke={1.7} />}>{t("common.edit")}</Button>}
      {isDraft && <Button leftSection={<IconPlayerPlay size={16} stroke={1.8} />} onClick={() => setAsked("start")}>{t("campaigns.start")}</Button>}
      {status === "running" && <Button variant="default" loading={pause.isPending} leftSection={<IconPlayerPause size={16} stroke={1.8} />} onClick={() => pause.mutate(id, { onError })}>{t("campaigns.pause")}</Button>}
      {status === "paused" && <Button loading={resume.isPending} leftSection={<IconPlayerPlay size={16} stroke={1.8} />} onClick={() => resume.mutate(id, { onError })}>{t("campaigns.resume")}</Button>}
      {(isMoving || isDraft) && (
        <Menu>
          <Menu.Target><ActionIcon aria-label={t("campaigns.more")}><IconDots size={18} stroke={1.6} /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            {isMoving && <Menu.Item color="red" leftSection={<IconX size={16} stroke={1.6} />} onClick={() => setAsked("cancel")}>{t("campaigns.cancel")}</Menu.Item>}
            {isDraft && <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => setAsked("delete")}>{t("common.delete")}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      )}
      <Confirm opened={asked === "start"} title={t("campaigns.startTitle")} action={t("campaigns.start")} busy={start.isPending} onClose={close} onConfirm={() => start.mutate({ id, starts_at: null }, { onError, onSettled: close })}>{t("campaigns.startText")}</Confirm>
      <Confirm danger opened={asked === "cancel"} title={t("campaigns.cancel")} action={t("campaigns.cancel")} busy={cancel.isPending} onClose={close} onConfirm={() => cancel.mutate(id, { onError, onSettled: close })}>{t("campaigns.cancelText")}</Confirm>
      <Confirm danger opened={asked === "delete"} title={t("campaigns.delete")} action={t("common.delete")} busy={remove.isPending} onClose={close} onConfirm={() => remove.mutate(id, { onError, onSuccess: () => void navigate("/campaigns"), onSettled: close })}>{t("campaigns.deleteText")}</Confirm>
    </>
  );
}
