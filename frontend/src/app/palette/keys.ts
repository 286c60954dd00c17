/** Every shortcut, for the page that lists them. The keys themselves act where their commands are (lib/commands.ts). */
export const shortcuts = [
  { group: "anywhere", rows: [["palette", "⌘/Ctrl K"], ["help", "?"], ["goInbox", "G I"], ["goContacts", "G C"], ["goCampaigns", "G M"], ["goSettings", "G S"]] },
  { group: "list", rows: [["next", "J ↓"], ["previous", "K ↑"], ["search", "/"], ["new", "C"]] },
  { group: "conversation", rows: [["reply", "R"], ["note", "N"], ["accept", "A"], ["transfer", "T"], ["close", "E"], ["find", "F"]] },
] as const;
