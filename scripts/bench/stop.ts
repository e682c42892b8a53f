/** What `work` comes to; undefined as soon as `stop` is aborted, what it is at then is left to the clean-up. */
export function unlessStopped<T>(stop: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined);
    stop.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  return Promise.race([work, stopped]);
}

/** The output of a program of the project that ended well; it is ended when `stop` is aborted. */
export async function outputOf(
  stop: AbortSignal,
  command: readonly string[],
  options: { readonly stdin?: Blob; readonly env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<{ readonly out: string; readonly usage: NonNullable<ReturnType<Bun.Subprocess["resourceUsage"]>> }> {
  const child = Bun.spawn([...command], {
    cwd: new URL("../..", import.meta.url).pathname,
    stdin: options.stdin ?? "ignore",
    stdout: "pipe",
    stderr: "inherit",
    env: { ...process.env, ...options.env },
    signal: stop,
  });
  const out = await new Response(child.stdout).text();
  const code = await child.exited;
  if (code !== 0) throw new Error(`${command.join(" ")}: ended with ${child.signalCode ?? code}`);
  return { out, usage: child.resourceUsage()! };
}
