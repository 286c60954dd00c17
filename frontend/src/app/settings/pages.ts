import { IconUserCircle, type Icon } from "@tabler/icons-react";
import type { LazyRouteFunction, RouteObject } from "react-router";

/** One page of the settings: `group` is its heading in the list, `key` its name in `common.settings.page`, `may` the permission that shows it. */
export type SettingsPage = { group: SettingsGroup; path: string; key: "profile"; icon: Icon; may: string; lazy: LazyRouteFunction<RouteObject> };

export const settingsGroups = ["you", "company"] as const;
export type SettingsGroup = (typeof settingsGroups)[number];

export const settingsPages: readonly SettingsPage[] = [
  { group: "you", path: "profile", key: "profile", icon: IconUserCircle, may: "me.change", lazy: () => import("@/features/accounts/profile.route") },
];
