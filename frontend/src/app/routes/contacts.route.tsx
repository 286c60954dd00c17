import { ActionIcon, Tooltip } from "@mantine/core";
import { IconMessagePlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ContactsPage } from "@/features/contacts/contacts-page";

export function Component() {
  const { t } = useTranslation();
  return (
    <ContactsPage
      talk={(contactId) => (
        <Tooltip label={t("tickets.new.title")}>
          <ActionIcon component={Link} to={`/inbox?to=${contactId}`} aria-label={t("tickets.new.title")}><IconMessagePlus size={18} stroke={1.6} /></ActionIcon>
        </Tooltip>
      )}
    />
  );
}
