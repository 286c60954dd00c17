import type { TFunction } from "i18next";

const roles = ["admin", "supervisor", "agent"] as const;

export const roleOptions = (t: TFunction) => roles.map((role) => ({ value: role, label: t(`common.role.${role}`) }));
