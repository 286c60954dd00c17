import { ActionIcon, Badge, Button, Menu, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconArrowLeft, IconArrowsExchange, IconCheck, IconDots, IconLayoutSidebarRight, IconSearch, IconUserCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession } from "@/api/session";
import { Dot } from "@/components/dot";
import { useErrorToast } from "@/components/error-words";
import { PersonAvatar } from "@/components/person-avatar";
import { useCommands } from "@/lib/commands";
import { formatPhone } from "@/lib/format";
import { shownLater } from "@/lib/shown-later";
import type { Ticket } from "./api/list-tickets";
import { useMoveTicket } from "./api/move-ticket";
import classes from "./conversation.module.css";
import { nameOf } from "./name-of";
import { TypingWords, Viewers } from "./presence-line";

const TransferDialog = shownLater(() => import("./transfer-dialog").then((part) => part.TransferDialog));
const next = { pending: { verb: "accept", icon: IconUserCheck }, open: { verb: "close", icon: IconCheck }, closed: { verb: "reopen", icon: IconArrowBackUp } } as const;

export function ConversationHeader({ ticket, onTogglePanel, onFind }: { ticket: Ticket; onTogglePanel: () => void; onFind: () => void }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const { user } = useSession();
  const move = useMoveTicket(ticket.id, user.id);
  const [isTransferring, setIsTransferring] = useState(false);
  const { verb, icon: VerbIcon } = next[ticket.status];
  const act = () => move[verb].mutate(undefined, { onError: toast });
  const canTransfer = ticket.status !== "closed";
  useCommands([
    { id: verb, label: t(`tickets.verb.${verb}`), keys: verb === "accept" ? ["a"] : verb === "close" ? ["e"] : [], run: act },
    ...(canTransfer ? [{ id: "transfer", label: t("tickets.transfer.title"), keys: ["t"], run: () => setIsTransferring(true) }] : []),
    { id: "find", label: t("tickets.find.title"), keys: ["f"], run: onFind },
    { id: "contact-details", label: t("tickets.contactDetails"), run: onTogglePanel },
  ]);
  return (
    <header className={classes.header}>
      <ActionIcon component={Link} to="/inbox" aria-label={t("tickets.backToList")} className={classes.narrow}><IconArrowLeft size={20} stroke={1.8} /></ActionIcon>
      <PersonAvatar name={ticket.contact.display_name} size={36} />
      <div className={classes.who}>
        <div className={classes.nameLine}>
          <h2 className={`${classes.name} ellipsis`}>{nameOf(ticket)}</h2>
          {ticket.tags.slice(0, 3).map((tag) => <Badge key={tag.id} size="sm" color="gray" className={classes.wide}><Dot round color={tag.color ?? "gray"}>{tag.name}</Dot></Badge>)}
          <Viewers ticketId={ticket.id} />
          {ticket.queue && <Badge size="sm" color="gray" className={classes.wide}>{ticket.queue.name}</Badge>}
        </div>
        <div className={`${classes.sub} ellipsis`}>
          <TypingWords ticketId={ticket.id} customer={nameOf(ticket)} />
          <span>
            {formatPhone(ticket.contact.phone ?? "")}
            <span className={classes.wide}> · {t("tickets.protocol", { protocol: ticket.protocol })} · {ticket.connection.name}</span>
          </span>
        </div>
      </div>
      <div className={classes.actions}>
        {canTransfer && <Button variant="default" className={classes.wide} leftSection={<IconArrowsExchange size={16} stroke={1.7} />} onClick={() => setIsTransferring(true)}>{t("tickets.transfer.verb")}</Button>}
        <Button className={classes.wide} variant={ticket.status === "closed" ? "default" : "filled"} loading={move[verb].isPending} leftSection={<VerbIcon size={16} stroke={2} />} onClick={act}>{t(`tickets.verb.${verb}`)}</Button>
        <Tooltip label={t("tickets.find.title")}>
          <ActionIcon aria-label={t("tickets.find.title")} className={classes.wide} onClick={onFind}><IconSearch size={19} stroke={1.6} /></ActionIcon>
        </Tooltip>
        <Tooltip label={t("tickets.contactDetails")}>
          <ActionIcon aria-label={t("tickets.contactDetails")} className={classes.wide} onClick={onTogglePanel}><IconLayoutSidebarRight size={19} stroke={1.6} /></ActionIcon>
        </Tooltip>
        <ActionIcon variant="light" color="brand" className={classes.narrow} aria-label={t(`tickets.verb.${verb}`)} loading={move[verb].isPending} onClick={act}><VerbIcon size={18} stroke={2} /></ActionIcon>
        <Menu>
          <Menu.Target><ActionIcon className={classes.narrow} aria-label={t("tickets.more")}><IconDots size={19} stroke={1.6} /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            {canTransfer && <Menu.Item leftSection={<IconArrowsExchange size={16} stroke={1.6} />} onClick={() => setIsTransferring(true)}>{t("tickets.transfer.verb")}</Menu.Item>}
            <Menu.Item leftSection={<IconSearch size={16} stroke={1.6} />} onClick={onFind}>{t("tickets.find.title")}</Menu.Item>
            <Menu.Item leftSection={<IconLayoutSidebarRight size={16} stroke={1.6} />} onClick={onTogglePanel}>{t("tickets.contactDetails")}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {isTransferring && <TransferDialog ticket={ticket} onClose={() => setIsTransferring(false)} />}
    </header>
  );
}
