/** An answer that says why there is none: status and one line. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const json = (value: unknown): Response => Response.json(value);

/** A text or file that grows while it is read: the next piece is made when the reader has room for it. */
export function streamed(type: string, pieces: AsyncIterable<string | Uint8Array>, fileName?: string): Response {
  const encoder = new TextEncoder();
  const iterator = pieces[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return new Response(body, { headers: { "Content-Type": type, ...(fileName && attachment(fileName)) } });
}

/** The headers that make a download of an answer, under a name in any script (RFC 6266). */
export function attachment(fileName: string): Record<string, string> {
  const plain = fileName.replaceAll(/[^\x20-\x7e]|["\\%]/g, "_");
  const full = encodeURIComponent(fileName.toWellFormed()).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  );
  return { "Content-Disposition": `attachment; filename="${plain}"; filename*=UTF-8''${full}` };
}
