import type { QueryClient } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { type ContactFilters, contactQuery, customFieldsQuery, isFiltered, listsQuery, tagsQuery } from "@/api/lookups";
import { insertSorted, mapPages, type Pages } from "@/api/page";
import { invalidateSoon } from "@/lib/invalidate-soon";
import type { LiveEvent } from "@/lib/live-event";
import { importQuery, isAtWork } from "./imports/api/get-import";
import { type ContactImport, importsQuery } from "./imports/api/list-imports";

type Contact = Schemas["Contact"];

const isNewer = (a: Contact, b: Contact) => a.id > b.id;
const isUnfiltered = (filters: ContactFilters) => !isFiltered(filters);

function eachList(queryClient: QueryClient, change: (pages: Pages<Contact>, filters: ContactFilters) => Pages<Contact>) {
  for (const query of queryClient.getQueryCache().findAll({ queryKey: ["contacts", "list"] })) {
    const pages = query.state.data as Pages<Contact> | undefined;
    if (pages) queryClient.setQueryData(query.queryKey, change(pages, query.queryKey[2] as ContactFilters));
    if (!isUnfiltered(query.queryKey[2] as ContactFilters)) invalidateSoon(queryClient, query.queryKey); // who matches is the server's to say
  }
}

function put(queryClient: QueryClient, contact: Contact) {
  const detail = contactQuery(contact.id).queryKey;
  if (queryClient.getQueryData(detail)) queryClient.setQueryData(detail, contact);
  eachList(queryClient, (pages, filters) => {
    const updated = mapPages(pages, (other) => (other.id === contact.id ? contact : other));
    const isThere = updated !== pages;
    return isThere || !isUnfiltered(filters) ? updated : insertSorted(pages, contact, isNewer);
  });
}

/** How far an import is. When it ends, what it wrote is there: contacts, tags, lists. */
function putImport(queryClient: QueryClient, job: ContactImport) {
  queryClient.setQueryData(importQuery(job.id).queryKey, job);
  queryClient.setQueryData(importsQuery.queryKey, (pages) => pages && mapPages(pages, (other) => (other.id === job.id ? job : other)));
  if (isAtWork(job) || job.is_dry_run) return;
  for (const queryKey of [["contacts"], tagsQuery.queryKey, listsQuery.queryKey]) invalidateSoon(queryClient, queryKey);
}

/** Contacts and tags as other people, and the gateways, change them. */
export function contactsLive(queryClient: QueryClient, event: LiveEvent) {
  if (event.name === "tag") return void queryClient.invalidateQueries({ queryKey: tagsQuery.queryKey });
  if (event.name === "contactImport") return putImport(queryClient, event.data.contactImport as ContactImport);
  if (event.name === "settings" && ("customField" in event.data || "customFieldId" in event.data)) return void queryClient.invalidateQueries({ queryKey: customFieldsQuery.queryKey });
  if (event.name !== "contact") return;
  if (event.action === "reload") return invalidateSoon(queryClient, ["contacts"]);
  if (event.action !== "delete") return put(queryClient, event.data.contact as Contact);
  const gone = event.data.contactId as number;
  queryClient.removeQueries({ queryKey: contactQuery(gone).queryKey });
  eachList(queryClient, (pages) => mapPages(pages, (contact) => (contact.id === gone ? null : contact)));
}
