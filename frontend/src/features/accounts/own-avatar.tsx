import { Button, FileButton, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { ColleagueAvatar } from "@/components/colleague-avatar";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { useSetAvatar } from "./api/set-avatar";

/** The person's picture, to be changed and removed. The server cuts out its middle. */
export function OwnAvatar() {
  const { t } = useTranslation();
  const words = useErrorWords();
  const { user } = useSession();
  const save = useSetAvatar();
  return (
    <div>
      <Group gap="md" wrap="nowrap" align="center">
        <ColleagueAvatar colleague={user} size={72} />
        <div>
          <Group gap="xs" mb={6}>
            <FileButton accept="image/jpeg,image/png,image/webp,image/gif" onChange={(file) => file && save.mutate(file)} inputProps={{ "aria-label": t("accounts.avatar.choose") }}>
              {(props) => <Button {...props} variant="default" loading={save.isPending}>{t(user.avatar ? "accounts.avatar.change" : "accounts.avatar.choose")}</Button>}
            </FileButton>
            {user.avatar && <Button variant="subtle" color="gray" disabled={save.isPending} onClick={() => save.mutate(null)}>{t("accounts.avatar.remove")}</Button>}
          </Group>
          <Text size="xs" c="dimmed">{t("accounts.avatar.rule")}</Text>
        </div>
      </Group>
      {save.error && <div style={{ marginTop: 12 }}><FormError>{words(save.error)}</FormError></div>}
    </div>
  );
}
