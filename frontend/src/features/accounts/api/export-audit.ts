import { useMutation } from "@tanstack/react-query";
import { downloadCsv } from "@/api/download";
import { type AuditFilters, auditParameters } from "./list-audit";

/** The lines that the filters leave, as a file. */
export const useExportAudit = () =>
  useMutation({ mutationFn: (filters: AuditFilters) => downloadCsv("audit-log/export/", auditParameters(filters), "audit-log.csv") });
