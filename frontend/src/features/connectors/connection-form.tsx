import { Button, Group, Modal, PasswordInput, SegmentedControl, Stack, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, type Schemas } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { useSaveConnection } from "./api/save-connection";
import { useSetEnabled } from "./api/set-enabled";
import { useTestConnection } from "./api/test-connection";
import classes from "./connections.module.css";

type Connection = Schemas["Connection"];
type Provider = Connection["provider"];

// connectors/providers/*/provider.py: credential_fields and secret_fields.
const fields = { simulator: [], cloud_api: ["phone_number_id", "waba_id", "access_token", "app_secret", "verify_token"] } as const;
const secrets: readonly string[] = ["access_token", "app_secret", "verify_token"];

export function ConnectionForm({ connection, onClose }: { connection: Connection | null; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [provider, setProvider] = useState<Provider>(connection?.provider ?? "simulator");
  const [name, setName] = useState(connection?.name ?? "");
  const [number, setNumber] = useState(connection?.number ?? "");
  const [credentials, setCredentials] = useState<Record<string, string>>(() => ({ ...connection?.credentials }));
  const save = useSaveConnection(connection?.id);
  const test = useTestConnection(connection?.id);
  const enable = useSetEnabled();
  const isStored = (field: string) => Boolean((connection?.secrets_set)?.[field]);
  const about = (field: string) => (save.error instanceof ApiError ? (save.error.about(field) ?? save.error.about(`credentials.${field}`)) : undefined);
  const isElsewhere = save.error !== null && !["name", "number", ...fields[provider]].some(about);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ provider, name: name.trim(), number: number.trim(), credentials }, { onSuccess: onClose });
  };
  const isGood = test.data?.state === "connected";

  return (
    <Modal opened onClose={onClose} title={t(connection ? "connectors.edit" : "connectors.new")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {isElsewhere && <FormError>{words(save.error)}</FormError>}
          {!connection && <SegmentedControl fullWidth value={provider} onChange={(value) => setProvider(value)} data={(["simulator", "cloud_api"] as const).map((value) => ({ value, label: t(`connectors.provider.${value}`) }))} />}
          <TextInput required label={t("connectors.name")} placeholder={t("connectors.nameExample")} value={name} error={about("name")} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <TextInput type="tel" label={t("connectors.number")} placeholder="+55 11 4000-1234" value={number} error={about("number")} onChange={(event) => setNumber(event.currentTarget.value)} />
          {fields[provider].map((field) => {
            const Input = secrets.includes(field) ? PasswordInput : TextInput;
            return <Input key={field} {...(secrets.includes(field) && { visibilityToggleButtonProps: { "aria-label": t("common.show") } })} autoComplete="off" label={t(`connectors.credential.${field}`)} description={t(`connectors.credentialText.${field}`)} placeholder={isStored(field) ? t("connectors.stored") : undefined} value={credentials[field] ?? ""} error={about(field)} onChange={(event) => setCredentials({ ...credentials, [field]: event.currentTarget.value })} />;
          })}
          {connection && <Switch label={t("connectors.enabled")} description={t("connectors.enabledText")} defaultChecked={connection.is_enabled} onChange={(event) => enable.mutate({ id: connection.id, is_enabled: event.currentTarget.checked })} />}
          {test.data && <div className={classes.verdict} data-good={isGood || undefined} data-bad={!isGood || undefined} role="status">{isGood ? t("connectors.testGood") : test.data.reason || t("connectors.testBad")}</div>}
          {test.error && <div className={classes.verdict} data-bad role="alert">{words(test.error)}</div>}
          <Group justify="space-between" gap="xs" mt="xs">
            {provider === "cloud_api" ? <Button variant="subtle" loading={test.isPending} onClick={() => test.mutate({ provider, credentials })}>{t("connectors.test")}</Button> : <span />}
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
              <Button type="submit" loading={save.isPending}>{t(connection ? "common.save" : "common.create")}</Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
