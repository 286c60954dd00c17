import { ActionIcon } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { type ComponentProps, lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TicketFilters } from "./ticket-filters";
import classes from "./ticket-list.module.css";

// Few look into it, so it is fetched at the first click, and comes up open.
const Filters = lazy(() => import("./ticket-filters").then((part) => ({ default: part.TicketFilters })));

export function TicketFilterMenu(props: Omit<ComponentProps<typeof TicketFilters>, "button">) {
  const { t } = useTranslation();
  const [isWanted, setIsWanted] = useState(false);
  const { mine, queue } = props;
  const button = (
    <ActionIcon className={classes.filter} data-active={mine || queue !== null || undefined} aria-label={t("tickets.filter")} onClick={() => setIsWanted(true)}>
      <IconAdjustmentsHorizontal size={18} stroke={1.6} />
    </ActionIcon>
  );
  return isWanted ? <Suspense fallback={button}><Filters {...props} button={button} /></Suspense> : button;
}
