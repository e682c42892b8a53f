/** What `work` comes to; undefined as soon as `stop` is aborted, what it is at then is left to the clean-up. */
export function unlessStopped<T>(stop: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined);
    stop.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  return Promise.race([work, stopped]);
}

/**
 * The output of a program that ended well. When `stop` is aborted it is killed with all it started: what it would finish
 * in good order is of no use, and its server is going away.
 */
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
    detached: true,
  });
  const kill = () => child.exitCode === null && process.kill(-child.pid, "SIGKILL");
  stop.addEventListener("abort", kill);
  const out = await new Response(child.stdout).text();
  const code = await child.exited;
  stop.removeEventListener("abort", kill);
  if (code !== 0) throw new Error(`${command.join(" ")}: ended with ${child.signalCode ?? code}`);
  return { out, usage: child.resourceUsage()! };
}
