import { NoAnswer } from "./answers/reply.ts";
import { refusal, secured } from "./guard.ts";
import { route, type Served } from "./routes.ts";

/** A page that is being served. */
export interface Page {
  readonly url: string;
  stop(): Promise<void>;
}

/** Requests that may be worked on at once; a browser opens six. */
const MOST_AT_ONCE = 64;
const IDLE_SECONDS = 60;
const ANSWER_SECONDS = 255;

/** The page cannot be served. One line for a person. */
class CannotServe extends Error {
  override readonly name = "CannotServe";
  readonly forPeople = true;
}

/** Serves the page on the loopback address. `port` 0 takes a free one. `onError` hears of faults that are ours. */
export function servePage(served: Served, port: number, onError: (error: Error) => void): Page {
  let working = 0;
  const answer = async (request: Request): Promise<Response> => {
    const refused = refusal(request);
    if (refused) return told(refused.status, refused.reason);
    if (working >= MOST_AT_ONCE) return told(503, `${working} requests are being answered, expected fewer`);
    working++;
    try {
      return (await route(request, served)) ?? told(404, "nothing is at this address");
    } catch (error) {
      return failed(error as Error, onError);
    } finally {
      working--;
    }
  };
  try {
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port,
      idleTimeout: IDLE_SECONDS,
      maxRequestBodySize: 1024,
      async fetch(request, server) {
        // The first look at a large library may take longer than a connection may be idle.
        server.timeout(request, ANSWER_SECONDS);
        return secured(await answer(request));
      },
      error: (error) => secured(failed(error, onError)),
    });
    return { url: `http://127.0.0.1:${server.port}/`, stop: () => server.stop(true) };
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    throw new CannotServe(
      `Cannot serve the page on port ${port}: ${taken ? "another program has it, expected --port of a free one" : (error as Error).message}`,
    );
  }
}

const told = (status: number, error: string) => Response.json({ error }, { status });

/** Wrong questions are told as such, a library that is away as 503; anything else is a fault of ours. */
function failed(error: Error, onError: (error: Error) => void): Response {
  if (error instanceof NoAnswer) return told(error.status, error.message);
  if (error.name === "UsageError") return told(400, error.message.replace(/^--/, ""));
  if (error.name === "AbortError") return told(499, "the question was withdrawn");
  if ("code" in error || "forPeople" in error) return told(503, `The library does not answer: ${error.message}`);
  onError(error);
  return told(500, `Cannot answer: ${error.message}`);
}
