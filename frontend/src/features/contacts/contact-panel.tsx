import { ActionIcon, Switch, Tooltip } from "@mantine/core";
import { IconPencil, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { contactQuery } from "@/api/lookups";
import { Dot } from "@/components/dot";
import { ErrorState } from "@/components/error-state";
import { useErrorToast } from "@/components/error-words";
import { LoadingRows } from "@/components/loading-rows";
import { PersonAvatar } from "@/components/person-avatar";
import { formatPhone } from "@/lib/format";
import { shownLater } from "@/lib/shown-later";
import { useSetOptOut } from "./api/set-opt-out";
import { ConsentHistory } from "./consent-history";
import { ContactDetails } from "./contact-details";
import classes from "./contact-panel.module.css";

const ContactForm = shownLater(() => import("./contact-form").then((part) => part.ContactForm));

type Props = { contactId: number; onClose: () => void; actions?: ReactNode; children?: ReactNode };

/** Who this is. `actions` stand beside edit, `children` are further sections of the page's own. */
export function ContactPanel({ contactId, onClose, actions, children }: Props) {
  const { t } = useTranslation();
  const contact = useQuery(contactQuery(contactId));
  const [isEditing, setIsEditing] = useState(false);
  return (
    <aside className={classes.panel} aria-label={t("contacts.panel")}>
      <header className={classes.head}>
        <h2>{t("contacts.panel")}</h2>
        {contact.data && (
          <>
            {actions}
            <Tooltip label={t("common.edit")}>
              <ActionIcon aria-label={t("contacts.form.edit")} onClick={() => setIsEditing(true)}><IconPencil size={18} stroke={1.6} /></ActionIcon>
            </Tooltip>
          </>
        )}
        <ActionIcon aria-label={t("contacts.closePanel")} onClick={onClose}><IconX size={18} stroke={1.6} /></ActionIcon>
      </header>
      <div className={classes.scroll} tabIndex={0}>
        {contact.isPending && <LoadingRows count={2} />}
        {contact.isError && <ErrorState error={contact.error} onRetry={() => void contact.refetch()} />}
        {contact.data && <Body contact={contact.data} />}
        {contact.data && children}
      </div>
      {isEditing && contact.data && <ContactForm contact={contact.data} onClose={() => setIsEditing(false)} />}
    </aside>
  );
}

function Body({ contact }: { contact: Schemas["Contact"] }) {
  const { t } = useTranslation();
  const toast = useErrorToast();
  const optOut = useSetOptOut(contact.id);
  const isOut = optOut.isPending ? optOut.variables : contact.opt_outs.length > 0;
  return (
    <>
      <div className={classes.identity}>
        <PersonAvatar name={contact.display_name} size={52} />
        <div className={classes.who}>
          <div className={classes.name}>{/\p{L}/u.test(contact.display_name) ? contact.display_name : formatPhone(contact.display_name)}</div>
          {contact.username && <div className={classes.sub}>@{contact.username}</div>}
        </div>
      </div>
      {contact.is_blocked && <p className={classes.warning}>{t("contacts.isBlocked")}</p>}
      <ContactDetails contact={contact} />
      {contact.tags.length > 0 && (
        <section className={classes.section}>
          <h3>{t("contacts.tags")}</h3>
          <div className={classes.pills}>
            {contact.tags.map((tag) => (
              <span key={tag.id} className={classes.pill}><Dot round color={tag.color ?? "gray"}>{tag.name}</Dot></span>
            ))}
          </div>
        </section>
      )}
      {contact.notes && (
        <section className={classes.section}>
          <h3>{t("contacts.notes")}</h3>
          <p className={classes.notes}>{contact.notes}</p>
        </section>
      )}
      <section className={classes.section}>
        <h3>{t("contacts.consent")}</h3>
        <Switch label={t("contacts.campaigns")} description={t(isOut ? "contacts.optedOut" : "contacts.optedIn")} checked={!isOut} disabled={optOut.isPending} onChange={(event) => optOut.mutate(!event.currentTarget.checked, { onError: toast })} />
        <ConsentHistory contactId={contact.id} version={`${contact.updated_at} ${contact.opt_outs.join()} ${optOut.submittedAt}`} />
      </section>
    </>
  );
}
