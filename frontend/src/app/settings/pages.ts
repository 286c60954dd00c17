import { IconBell, IconBolt, IconBuilding, IconForms, IconHandStop, IconHistory, IconKey, IconListCheck, IconShieldLock, IconStack2, IconTag, IconUserCircle, IconUsers, type Icon } from "@tabler/icons-react";
import type { LazyRouteFunction, RouteObject } from "react-router";

/** One page of the settings: `group` is its heading in the list, `key` its name in `common.settings.page`, `may` the permission that shows it. */
export type SettingsPage = { group: SettingsGroup; path: string; key: SettingsKey; icon: Icon; may: string; lazy: LazyRouteFunction<RouteObject> };

/** One line for each name, so that branches merge. */
export type SettingsKey =
  | "profile"
  | "notifications"
  | "security"
  | "people"
  | "company"
  | "apiKeys"
  | "quickReplies"
  | "queues"
  | "tags"
  | "fields"
  | "consent"
  | "audit"
  | "jobs";

export const settingsGroups = ["you", "company"] as const;
export type SettingsGroup = (typeof settingsGroups)[number];

export const settingsPages: readonly SettingsPage[] = [
  { group: "you", path: "profile", key: "profile", icon: IconUserCircle, may: "me.change", lazy: () => import("@/features/accounts/profile.route") },
  { group: "you", path: "notifications", key: "notifications", icon: IconBell, may: "me.change", lazy: () => import("@/features/tickets/telling/notifications.route") },
  { group: "you", path: "security", key: "security", icon: IconShieldLock, may: "me.change", lazy: () => import("@/features/accounts/security.route") },
  { group: "company", path: "people", key: "people", icon: IconUsers, may: "user.manage", lazy: () => import("@/features/accounts/people.route") },
  { group: "company", path: "company", key: "company", icon: IconBuilding, may: "company.manage", lazy: () => import("@/features/accounts/company.route") },
  { group: "company", path: "quick-replies", key: "quickReplies", icon: IconBolt, may: "quick_reply.write", lazy: () => import("@/features/tickets/settings/quick-replies.route") },
  { group: "company", path: "queues", key: "queues", icon: IconStack2, may: "queue.manage", lazy: () => import("@/features/tickets/settings/queues.route") },
  { group: "company", path: "tags", key: "tags", icon: IconTag, may: "tag.manage", lazy: () => import("@/features/contacts/settings/tags.route") },
  { group: "company", path: "fields", key: "fields", icon: IconForms, may: "custom_field.manage", lazy: () => import("@/features/contacts/settings/fields.route") },
  { group: "company", path: "consent", key: "consent", icon: IconHandStop, may: "consent_rules.manage", lazy: () => import("@/features/contacts/settings/consent.route") },
  { group: "company", path: "api-keys", key: "apiKeys", icon: IconKey, may: "api_key.manage", lazy: () => import("@/features/accounts/api-keys.route") },
  { group: "company", path: "audit-log", key: "audit", icon: IconHistory, may: "audit.read", lazy: () => import("@/features/accounts/audit.route") },
  { group: "company", path: "jobs", key: "jobs", icon: IconListCheck, may: "job.read", lazy: () => import("@/features/reports/jobs.route") },
];
