import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconCopy, IconDots, IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useMay } from "@/api/session";
import { Confirm } from "@/components/confirm";
import { useErrorToast } from "@/components/error-words";
import { useDeleteCampaign } from "./api/delete-campaign";
import { useDuplicateCampaign } from "./api/duplicate-campaign";
import type { Campaign } from "./api/list-campaigns";
import { useMoveCampaign } from "./api/move-campaign";

export function CampaignActions({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const onError = useErrorToast();
  const navigate = useNavigate();
  const may = useMay();
  const { pause, resume, cancel } = useMoveCampaign();
  const remove = useDeleteCampaign();
  const copy = useDuplicateCampaign();
  const [asked, setAsked] = useState<"cancel" | "delete" | null>(null);
  const { id, status } = campaign;
  const close = () => setAsked(null);
  const isDraft = status === "draft";
  const isMoving = status === "scheduled" || status === "running" || status === "paused";
  if (!may("campaign.start")) return null;
  return (
    <>
      {(isDraft || status === "scheduled") && <Button variant="default" component={Link} to={`/campaigns/${id}/edit`} leftSection={<IconPencil size={16} stroke={1.7} />}>{t("common.edit")}</Button>}
      {isDraft && <Button component={Link} to={`/campaigns/${id}/edit?step=review`} leftSection={<IconPlayerPlay size={16} stroke={1.8} />}>{t("campaigns.start")}</Button>}
      {status === "running" && <Button variant="default" loading={pause.isPending} leftSection={<IconPlayerPause size={16} stroke={1.8} />} onClick={() => pause.mutate(id, { onError })}>{t("campaigns.pause")}</Button>}
      {status === "paused" && <Button loading={resume.isPending} leftSection={<IconPlayerPlay size={16} stroke={1.8} />} onClick={() => resume.mutate(id, { onError })}>{t("campaigns.resume")}</Button>}
        <Menu>
          <Menu.Target><ActionIcon aria-label={t("campaigns.more")}><IconDots size={18} stroke={1.6} /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconCopy size={16} stroke={1.6} />} onClick={() => copy.mutate(id, { onError, onSuccess: (made) => void navigate(`/campaigns/${made.id}/edit`) })}>{t("campaigns.duplicate")}</Menu.Item>
            {isMoving && <Menu.Item color="red" leftSection={<IconX size={16} stroke={1.6} />} onClick={() => setAsked("cancel")}>{t("campaigns.cancel")}</Menu.Item>}
            {isDraft && <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => setAsked("delete")}>{t("common.delete")}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      <Confirm danger opened={asked === "cancel"} title={t("campaigns.cancel")} action={t("campaigns.cancel")} busy={cancel.isPending} onClose={close} onConfirm={() => cancel.mutate(id, { onError, onSettled: close })}>{t("campaigns.cancelText")}</Confirm>
      <Confirm danger opened={asked === "delete"} title={t("campaigns.delete")} action={t("common.delete")} busy={remove.isPending} onClose={close} onConfirm={() => remove.mutate(id, { onError, onSuccess: () => void navigate("/campaigns"), onSettled: close })}>{t("campaigns.deleteText")}</Confirm>
    </>
  );
}
