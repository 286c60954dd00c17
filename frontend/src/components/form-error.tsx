import { Alert } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";

/** Why the form was refused, when no single field is to blame. */
export function FormError({ children }: { children: string }) {
  return <Alert color="red" variant="light" icon={<IconAlertCircle size={18} />} role="alert">{children}</Alert>;
}
