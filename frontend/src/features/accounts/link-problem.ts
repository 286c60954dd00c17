import { ApiError } from "@/api/client";

/** Why a link from an e-mail does not open, in the server's words (a 404 has some here, unlike elsewhere). */
export const linkProblem = (error: unknown) => (error instanceof ApiError && error.status >= 400 && error.status < 500 ? error.faults[0]?.detail : undefined);
