import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Confirm } from "./confirm";
import { useErrorWords } from "./error-words";
import { FormError } from "./form-error";

type Props = { name: string; text: string; isPending: boolean; error: unknown; onConfirm: () => void; onClose: () => void };

/** Says what goes with it before it goes, and why it cannot go if it cannot. */
export function DeleteDialog({ name, text, isPending, error, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  const words = useErrorWords();
  return (
    <Confirm opened danger title={t("common.deleteNamed", { name })} action={t("common.delete")} busy={isPending} onConfirm={onConfirm} onClose={onClose}>
      <Stack component="span" gap="sm">
        <Text component="span" inherit>{text}</Text>
        {error !== null && error !== undefined && <FormError>{words(error)}</FormError>}
      </Stack>
    </Confirm>
  );
}
