import { queryOptions } from "@tanstack/react-query";
import { api, ApiError, unwrap } from "@/api/client";

/** Whether Embedded Signup can begin here: 409 where the platform has no Meta app. */
export const signupQuery = queryOptions({
  queryKey: ["connections", "signup"],
  queryFn: () => unwrap(api.GET("/api/v1/connections/signup/")),
  retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status === 409),
  staleTime: 0, // the address is good for an hour
});
