import { createBrowserRouter, Navigate } from "react-router";
import { CrashPage, MissingPage } from "./fallbacks";
import { RequireSession } from "./require-session";
import { settingsPages } from "./settings/pages";
import { Shell } from "./shell";

export const router = createBrowserRouter(
  [
    { path: "/forgot", HydrateFallback: () => null, ErrorBoundary: CrashPage, lazy: () => import("@/features/accounts/forgot.route") },
    { path: "/reset/:token", HydrateFallback: () => null, ErrorBoundary: CrashPage, lazy: () => import("@/features/accounts/reset.route") },
    { path: "/join/:token", HydrateFallback: () => null, ErrorBoundary: CrashPage, lazy: () => import("@/features/accounts/join.route") },
    { path: "/login", HydrateFallback: () => null, ErrorBoundary: CrashPage, lazy: () => import("@/features/accounts/login.route") },
    {
      path: "/",
      Component: RequireSession,
      HydrateFallback: () => null,
      ErrorBoundary: CrashPage,
      children: [
        {
          Component: Shell,
          children: [
            { index: true, element: <Navigate to="/inbox" replace /> },
            {
              ErrorBoundary: CrashPage,
              children: [
                { path: "inbox", lazy: () => import("./routes/inbox.route") },
                { path: "inbox/:ticketId", lazy: () => import("./routes/inbox.route") },
                { path: "contacts", lazy: () => import("./routes/contacts.route") },
                { path: "contacts/imports", lazy: () => import("@/features/contacts/imports/imports.route") },
                { path: "contacts/imports/:importId", lazy: () => import("@/features/contacts/imports/import.route") },
                { path: "schedules", lazy: () => import("@/features/tickets/later/schedules.route") },
                { path: "schedules/:scheduleId", lazy: () => import("@/features/tickets/later/schedules.route") },
                { path: "campaigns", lazy: () => import("@/features/campaigns/campaigns.route") },
                { path: "campaigns/new/:campaignId?", lazy: () => import("@/features/campaigns/wizard/wizard.route") },
                { path: "campaigns/:campaignId", lazy: () => import("@/features/campaigns/campaign.route") },
                { path: "campaigns/:campaignId/edit", lazy: () => import("@/features/campaigns/wizard/wizard.route") },
                { path: "connections", lazy: () => import("@/features/connectors/connections.route") },
                { path: "connections/new", lazy: () => import("@/features/connectors/linking/linking.route") },
                { path: "connections/new/:connectionId", lazy: () => import("@/features/connectors/linking/linking.route") },
                { path: "connections/signup", lazy: () => import("@/features/connectors/linking/signup.route") },
                { path: "connections/:connectionId/templates", lazy: () => import("@/features/connectors/templates/templates.route") },
                { path: "connections/:connectionId/templates/new", lazy: () => import("@/features/connectors/templates/editor.route") },
                { path: "connections/:connectionId/templates/:templateId", lazy: () => import("@/features/connectors/templates/editor.route") },
                { path: "connections/:connectionId", lazy: () => import("@/features/connectors/connection.route") },
                { path: "phone", lazy: () => import("@/features/connectors/phone.route") },
                { path: "phone/:connectionId", lazy: () => import("@/features/connectors/phone.route") },
                { path: "flights", lazy: () => import("@/features/connectors/flights.route") },
                {
                  path: "settings",
                  lazy: () => import("./settings/settings.route"),
                  children: [{ index: true, element: null }, ...settingsPages.map(({ path, lazy }) => ({ path, lazy }))],
                },
                { path: "*", Component: MissingPage },
              ],
            },
          ],
        },
      ],
    },
  ],
  { basename: "/app" },
);
