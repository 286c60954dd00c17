import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { useAddCustomer } from "./api/play-customers";

type Props = { connectionId: number; onClose: () => void; onAdded: (number: string) => void };

const example = () => `+55 11 9${Math.floor(7000 + Math.random() * 2999)}-${Math.floor(1000 + Math.random() * 8999)}`;

export function CustomerDialog({ connectionId, onClose, onAdded }: Props) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const add = useAddCustomer(connectionId);
  const [name, setName] = useState("");
  const [number, setNumber] = useState(example);
  const about = add.error instanceof ApiError ? add.error.about("number") : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ number: number.trim(), name: name.trim() }, { onSuccess: (customer) => { onAdded(customer.number); onClose(); } });
  };
  return (
    <Modal opened onClose={onClose} title={t("connectors.phone.add")} size="sm" closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {add.error && !about && <FormError>{words(add.error)}</FormError>}
          <TextInput label={t("connectors.phone.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <TextInput required withAsterisk={false} type="tel" label={t("connectors.phone.number")} value={number} error={about} onChange={(event) => setNumber(event.currentTarget.value)} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" loading={add.isPending}>{t("common.add")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
