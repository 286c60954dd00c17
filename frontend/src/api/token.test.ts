import { afterEach, expect, test, vi } from "vitest";
import { authorizedFetch, onSessionEnd, setAccess } from "./token";

const REFRESH = "/api/v1/auth/refresh/";
const call = () => authorizedFetch(new Request("http://localhost/api/v1/tickets/"));

/** A server that takes one token only; `renewal` is what its refresh door answers. */
function serve(renewal: () => Response) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (request: Request | string) => {
    if (request === REFRESH) {
      asked.push("refresh");
      return Promise.resolve(renewal());
    }
    const token = (request as Request).headers.get("Authorization");
    asked.push(String(token));
    return Promise.resolve(new Response(null, { status: token === "Bearer new" ? 200 : 401 }));
  });
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
  setAccess(null);
});

test("calls that meet an expired token at the same time renew it once and are repeated", async () => {
  setAccess("old");
  const asked = serve(() => Response.json({ access: "new" }));

  const answers = await Promise.all([call(), call()]);

  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(asked).toEqual(["Bearer old", "Bearer old", "refresh", "Bearer new", "Bearer new"]);
});

test("a refused renewal ends the session; a server that is down does not", async () => {
  setAccess("old");
  const ended = vi.fn();
  const forget = onSessionEnd(ended);

  serve(() => new Response(null, { status: 503 }));
  await expect(call()).rejects.toThrow(TypeError);
  expect(ended).not.toHaveBeenCalled();
  serve(() => new Response(null, { status: 401 }));
  expect((await call()).status).toBe(401);

  expect(ended).toHaveBeenCalledOnce();
  forget();
});
