import { Badge, Button, Group, TextInput } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { Card } from "@/components/page";
import type { Sample } from "../api/preview-audience";
import { testQuery, useSendTest } from "../api/send-test";
import type { Drafting } from "./use-draft";
import classes from "./wizard.module.css";

const REMEMBERED = "recado.test-number";
const colors: Record<string, string> = { failed: "red", unknown: "yellow", read: "blue", delivered: "brand", sent: "brand", accepted: "brand" };

/** The message on one's own phone first, filled as for the person on the preview. It counts nowhere. */
export function TestSend({ drafting, variant, like }: { drafting: Drafting; variant: number; like: Sample | undefined }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const send = useSendTest();
  const [number, setNumber] = useState(() => localStorage.getItem(REMEMBERED) ?? "");
  const [failed, setFailed] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const messageId = send.data?.id ?? 0;
  const message = useQuery({ ...testQuery(messageId), enabled: messageId > 0, initialData: send.data }).data;
  const test = async () => {
    setFailed(null);
    setBusy(true);
    localStorage.setItem(REMEMBERED, number);
    const saved = drafting.isDirty || drafting.saved === null ? await drafting.store() : drafting.saved;
    if (saved) await send.mutateAsync({ id: saved.id, number, variant: drafting.draft.kind === "template" ? 0 : variant, contact: like?.contact ?? null }).catch(setFailed);
    setBusy(false);
  };
  const about = failed instanceof ApiError ? (failed.about("number") ?? failed.about("contact")) : undefined;
  return (
    <Card className={classes.section}>
      <h2>{t("campaigns.wizard.test")}</h2>
      <form onSubmit={(event) => { event.preventDefault(); void test(); }}>
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <TextInput flex={1} type="tel" label={t("campaigns.wizard.testNumber")} placeholder="+55 11 98765-4321" value={number} onChange={(event) => setNumber(event.currentTarget.value)} />
          <Button type="submit" variant="default" size="sm" loading={isBusy} disabled={!number.trim() || drafting.connection === null} leftSection={<IconSend size={15} stroke={1.8} />}>{t("campaigns.wizard.sendTest")}</Button>
        </Group>
      </form>
      {failed !== null && <p className={classes.bad} role="alert">{about ?? words(failed)}</p>}
      {message && failed === null && (
        <p className={classes.result} role="status">
          <Badge color={colors[message.status] ?? "gray"}>{t(`campaigns.delivery.${message.status}`)}</Badge>
          <span>{message.error_text || t("campaigns.wizard.testSaid")}</span>
        </p>
      )}
    </Card>
  );
}
