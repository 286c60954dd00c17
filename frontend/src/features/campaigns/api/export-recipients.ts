import { saveFile } from "@/api/files";
import type { RecipientState } from "./list-recipients";

export const exportRecipients = (campaignId: number, state: RecipientState | null, file: string) => saveFile(`campaigns/${campaignId}/export/?${new URLSearchParams({ file, ...(state && { state }) })}`, "POST");
