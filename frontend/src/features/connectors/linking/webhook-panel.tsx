import { Button, Code, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { CopyField } from "@/components/copy-field";
import { useErrorToast } from "@/components/error-words";
import { Card } from "@/components/page";
import { formatDateTime } from "@/lib/format";
import { randomId } from "@/lib/random-id";
import { webhookQuery } from "../api/get-webhook";
import { useSaveConnection } from "../api/save-connection";
import classes from "./linking.module.css";

// Those by which a number lives; docs of the fields: connectors/providers/cloud_api/accounts.py.
const fields = ["messages", "message_template_status_update", "message_template_quality_update", "template_category_update", "phone_number_quality_update", "account_update", "business_capability_update", "user_preferences"];

/** What goes into Meta's webhook form. The verify token is shown only to whoever has just made it. */
export function WebhookPanel({ connection, verifyToken }: { connection: Schemas["Connection"]; verifyToken: string }) {
  const { t, i18n } = useTranslation();
  const toast = useErrorToast();
  const [fresh, setFresh] = useState(verifyToken);
  const url = useQuery(webhookQuery(connection.id)).data?.url;
  const save = useSaveConnection(connection.id);
  const secrets = connection.secrets_set;
  const renew = () => {
    const verify_token = randomId();
    save.mutate({ provider: connection.provider, name: connection.name, credentials: { verify_token } }, { onSuccess: () => setFresh(verify_token), onError: toast });
  };
  return (
    <Card className={classes.section}>
      <h2>{t("linking.finish.title")}</h2>
      <p className={classes.quiet}>{t("linking.finish.intro")}</p>
      {!secrets.app_secret && <p className={classes.verdict} data-bad>{t("linking.finish.secretMissing")}</p>}
      {url && <CopyField label={t("linking.finish.url")} value={url} />}
      {fresh ? <CopyField label={t("linking.finish.token")} value={fresh} /> : (
        <div>
          <Text size="sm" fw={500}>{t("linking.finish.token")}</Text>
          <Text size="xs" c="dimmed" mb={6}>{t("linking.finish.tokenStored")}</Text>
          <Button variant="default" loading={save.isPending} onClick={renew}>{t("linking.finish.newToken")}</Button>
        </div>
      )}
      <div className={classes.fields}>
        <p className={classes.quiet}>{t("linking.finish.fields")}</p>
        <div>{fields.map((field) => <Code key={field}>{field}</Code>)}</div>
        <p className={classes.quiet}>{t("linking.finish.fieldsRest")}</p>
      </div>
      <p className={classes.verdict} role="status" data-good={connection.last_inbound_at !== null || undefined}>{connection.last_inbound_at ? t("linking.finish.heard", { time: formatDateTime(connection.last_inbound_at, i18n.language) }) : t("linking.finish.notHeard")}</p>
    </Card>
  );
}
