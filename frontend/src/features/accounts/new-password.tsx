import { PasswordInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

type Props = { value: string; onChange: (value: string) => void; label: string; error?: string; size?: "sm" | "md" };

/** A password that is being chosen. */
export function NewPassword({ value, onChange, label, error, size = "md" }: Props) {
  const { t } = useTranslation();
  return (
    <PasswordInput size={size} name="new-password" autoComplete="new-password" required minLength={8} maxLength={128} withAsterisk={false} label={label} description={t("accounts.password.rule")} value={value} error={error} onChange={(event) => onChange(event.currentTarget.value)}
      visibilityToggleButtonProps={{ "aria-label": t("accounts.login.show") }} />
  );
}
