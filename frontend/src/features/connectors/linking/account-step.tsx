import { Anchor, Button, Group, PasswordInput, TextInput } from "@mantine/core";
import { IconExternalLink, IconListSearch } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, type Schemas } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { Card } from "@/components/page";
import { randomId } from "@/lib/random-id";
import { useSaveConnection } from "../api/save-connection";
import { type CloudField, cloudFields, type Credentials, noCredentials, pages } from "./credentials";
import classes from "./linking.module.css";
import { NumberChoice } from "./number-choice";
import { useTrial } from "./use-trial";

type Props = { onBack: () => void; onSaved: (connection: Schemas["Connection"], verifyToken: string) => void };

/** The credentials of one's own Meta app: each with where to find it, tried before they are kept. */
export function AccountStep({ onBack, onSaved }: Props) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [name, setName] = useState("");
  const [number, setNumber] = useState("");
  const [credentials, setCredentials] = useState<Credentials>(noCredentials);
  const trial = useTrial(credentials);
  const save = useSaveConnection(undefined);
  const put = (field: CloudField, value: string) => {
    setCredentials({ ...credentials, [field]: value });
    trial.forget(field);
  };
  const fault = (field: CloudField) => trial.faults[field] ?? (save.error instanceof ApiError ? save.error.about(`credentials.${field}`) : undefined);
  const nameFault = save.error instanceof ApiError ? save.error.about("name") : undefined;
  const isElsewhere = save.error !== null && nameFault === undefined && !cloudFields.some((field) => save.error instanceof ApiError && save.error.about(`credentials.${field}`));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!trial.begin(["waba_id", "access_token", "phone_number_id"])) return;
    const verify_token = randomId();
    const trimmed = Object.fromEntries(Object.entries(credentials).map(([field, value]) => [field, value.trim()]));
    save.mutate({ provider: "cloud_api", name: name.trim(), number, credentials: { ...trimmed, verify_token } }, { onSuccess: (connection) => onSaved(connection, verify_token) });
  };
  const input = (field: CloudField) => {
    const isSecret = field === "access_token" || field === "app_secret";
    const Input = isSecret ? PasswordInput : TextInput;
    return (
      <div key={field}>
        <Input {...(isSecret && { visibilityToggleButtonProps: { "aria-label": t("common.show") } })} required={field !== "app_secret"} withAsterisk={false} autoComplete="off" inputMode={field.endsWith("_id") ? "numeric" : undefined} label={t(`connectors.credential.${field}`)} description={t(`linking.account.${field}`)} value={credentials[field]} error={fault(field)} onChange={(event) => put(field, event.currentTarget.value)} />
        <Anchor className={classes.where} href={pages[field]} target="_blank" rel="noreferrer">{t("linking.account.openMeta")}<IconExternalLink size={13} stroke={1.8} aria-hidden /></Anchor>
      </div>
    );
  };
  return (
    <form onSubmit={submit} noValidate>
      <Card className={classes.section}>
        <h2>{t("linking.account.title")}</h2>
        {isElsewhere && <FormError>{words(save.error)}</FormError>}
        <TextInput label={t("linking.account.name")} description={t("linking.account.nameText")} placeholder={t("connectors.nameExample")} value={name} error={nameFault} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        {input("waba_id")}
        {input("access_token")}
        <div className={classes.list}>
          <Button variant="default" leftSection={<IconListSearch size={16} stroke={1.7} />} loading={trial.isListing} onClick={() => void trial.list()}>{t("linking.account.list")}</Button>
          {!trial.numbers && <span className={classes.quiet}>{t("linking.account.listText")}</span>}
        </div>
        {trial.numbers && (
          <NumberChoice
            numbers={trial.numbers}
            chosen={credentials.phone_number_id}
            onChoose={(chosen) => {
              put("phone_number_id", chosen.phone_number_id);
              setNumber(/^\+?55/.test(chosen.number) ? chosen.number : "");
              if (!name.trim()) setName(chosen.name.slice(0, 80));
            }}
          />
        )}
        {input("phone_number_id")}
        {input("app_secret")}
        <div aria-live="polite">
          {trial.failure && <p className={classes.verdict} data-bad>{trial.failure}</p>}
          {trial.verdict && <p className={classes.verdict} data-good={trial.verdict.state === "connected" || undefined}>{trial.verdict.state === "connected" ? `${t("linking.account.good")} ${t("linking.account.goodRest")}` : `${trial.verdict.reason} ${t("linking.account.notRegistered")}`}</p>}
        </div>
        <Group justify="space-between" gap="xs">
          <Button variant="default" onClick={onBack}>{t("common.back")}</Button>
          <Group gap="xs">
            <Button variant="default" loading={trial.isTesting} onClick={() => void trial.test()}>{t("linking.account.test")}</Button>
            <Button type="submit" loading={save.isPending}>{t("linking.account.create")}</Button>
          </Group>
        </Group>
      </Card>
    </form>
  );
}
