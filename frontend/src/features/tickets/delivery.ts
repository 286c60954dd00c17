import type { Schemas } from "@/api/client";

type Delivery = Schemas["Message"]["status"];
export type Step = "waiting" | "unknown" | "sent" | "failed" | "delivered" | "read";

// The order of connectors/types.py: a message only moves upwards, and `delivered` outranks `failed`.
const order: Delivery[] = ["queued", "sending", "unknown", "accepted", "sent", "failed", "delivered", "read", "played"];
const steps: Record<Delivery, Step> = { queued: "waiting", sending: "waiting", unknown: "unknown", accepted: "waiting", sent: "sent", failed: "failed", delivered: "delivered", read: "read", played: "read" };

export const stepOf = (status: Delivery): Step => steps[status];
export const isFurther = (a: Delivery, b: Delivery) => order.indexOf(a) > order.indexOf(b);
