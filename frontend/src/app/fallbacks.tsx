import { Button } from "@mantine/core";
import { IconCompassOff, IconMoodSad } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { EmptyState } from "@/components/empty-state";

export function MissingPage() {
  const { t } = useTranslation();
  return (
    <EmptyState fill icon={IconCompassOff} title={t("common.missing.title")} text={t("common.missing.text")} action={<Button component={Link} to="/inbox">{t("common.missing.action")}</Button>} />
  );
}

/** A page threw, or its chunk is gone because a newer version was installed: reloading mends both. */
export function CrashPage() {
  const { t } = useTranslation();
  return <EmptyState fill icon={IconMoodSad} title={t("common.crash.title")} text={t("common.crash.text")} action={<Button onClick={() => window.location.reload()}>{t("common.crash.action")}</Button>} />;
}
