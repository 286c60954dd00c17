import { Anchor, Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { IconCurrentLocation, IconExternalLink } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import { FormError } from "@/components/form-error";
import { mapOf } from "../media/place";
import { coordinatesIn } from "./coordinates";

type Location = Schemas["LocationRequest"];
type Props = { onSend: (location: Location) => void; onClose: () => void };
type Problem = "refused" | "unavailable" | "unsupported";

/** A place: where this browser is, or coordinates and the link of a map, with the words that stand beside them. */
export function PlaceDialog({ onSend, onClose }: Props) {
  const { t } = useTranslation();
  const [where, setWhere] = useState("");
  const [name, setName] = useState("");
  const [address, setAddress] = useState("");
  const [isAsking, setIsAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const found = coordinatesIn(where);
  const isWrong = where.trim() !== "" && !found;

  const ask = () => {
    setProblem(null);
    if (!("geolocation" in navigator) || !window.isSecureContext) return setProblem("unsupported");
    setIsAsking(true);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setIsAsking(false);
        setWhere(`${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`);
      },
      (error) => {
        setIsAsking(false);
        setProblem(error.code === error.PERMISSION_DENIED ? "refused" : "unavailable");
      },
      { enableHighAccuracy: true, timeout: 15_000 },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (found) onSend({ ...found, name: name.trim(), address: address.trim() });
  };

  return (
    <Modal opened onClose={onClose} title={t("tickets.place.title")} closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Button variant="default" fullWidth leftSection={<IconCurrentLocation size={16} stroke={1.8} />} loading={isAsking} onClick={ask}>{t("tickets.place.here")}</Button>
          {problem && <FormError>{t(`tickets.place.${problem}`)}</FormError>}
          <TextInput label={t("tickets.place.coordinates")} description={t("tickets.place.coordinatesText")} placeholder="-23.5505, -46.6333" value={where} error={isWrong && t("tickets.place.wrong")} onChange={(event) => setWhere(event.currentTarget.value)} data-autofocus />
          {found && <Anchor size="sm" href={mapOf(found)} target="_blank" rel="noopener noreferrer">{t("tickets.place.check")} <IconExternalLink size={12} stroke={2} /></Anchor>}
          <TextInput label={t("tickets.place.name")} placeholder={t("tickets.place.nameExample")} maxLength={200} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <TextInput label={t("tickets.place.address")} maxLength={300} value={address} onChange={(event) => setAddress(event.currentTarget.value)} />
          <Group justify="flex-end" gap="xs" mt="xs">
            <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" disabled={!found}>{t("tickets.send")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
