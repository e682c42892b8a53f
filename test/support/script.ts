import { join } from "node:path";

const root = join(import.meta.dir, "../..");

/** How a script ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A script as a person runs it: a process of its own in the project's folder. */
export function startScript(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = Bun.spawn([process.execPath, `scripts/${name}.ts`, ...args], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: "", NO_COLOR: "1", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const ended = (async (): Promise<Ending> => {
    const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    await child.exited;
    return { code: child.exitCode, signal: child.signalCode as NodeJS.Signals | null, out, err };
  })();
  return { child, ended };
}

export function runScript(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return startScript(name, args, env).ended;
}
