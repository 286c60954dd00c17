import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, type Schemas } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { Card } from "@/components/page";
import { useSaveConnection } from "../api/save-connection";
import classes from "./linking.module.css";

export function SimulatorStep({ onBack, onSaved }: { onBack: () => void; onSaved: (connection: Schemas["Connection"]) => void }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const [name, setName] = useState("");
  const [number, setNumber] = useState("");
  const save = useSaveConnection(undefined);
  const about = (field: string) => (save.error instanceof ApiError ? save.error.about(field) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ provider: "simulator", name: name.trim(), number: number.trim() }, { onSuccess: onSaved });
  };
  return (
    <form onSubmit={submit}>
      <Card className={classes.section}>
        <h2>{t("linking.simulator.title")}</h2>
        <p className={classes.quiet}>{t("linking.gateway.simulatorText")}</p>
        {save.error && !about("name") && !about("number") && <FormError>{words(save.error)}</FormError>}
        <TextInput required label={t("connectors.name")} placeholder={t("connectors.nameExample")} value={name} error={about("name")} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        <TextInput type="tel" label={t("connectors.number")} placeholder="+55 11 4000-1234" value={number} error={about("number")} onChange={(event) => setNumber(event.currentTarget.value)} />
        <Group justify="space-between" gap="xs">
          <Button variant="default" onClick={onBack}>{t("common.back")}</Button>
          <Button type="submit" loading={save.isPending}>{t("linking.simulator.create")}</Button>
        </Group>
      </Card>
    </form>
  );
}
