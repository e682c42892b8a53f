import type { Session } from "../../phases/session.ts";
import { seconds, type Tally, workedOn } from "../../phases/tally.ts";
import { colorsFor } from "./colors.ts";
import { poolLines, poolNow } from "./pool-lines.ts";

/**
 * Shows how far the phases are, on stderr: on a terminal lines that are drawn again five times a second, elsewhere a
 * plain line with its time every ten seconds. Answers with the function that ends it.
 */
export function showProgress(
  session: Session,
  tallies: readonly Tally[],
  mode: "live" | "plain" | "none" = terminalMode(),
): () => void {
  if (mode === "none") return () => {};
  const write = (text: string) => process.stderr.write(text);
  write(`${poolLines(session).join("\n")}\n`);
  if (mode === "plain") {
    const line = () => write(`${new Date().toISOString()} ${summary(session, tallies).join(" | ")}\n`);
    const timer = setInterval(line, 10_000);
    return () => clearInterval(timer);
  }
  return drawLive(() => summary(session, tallies));
}

/** Keeps lines at the foot of the terminal; what else is written to stderr goes above them. Answers with the end of it. */
function drawLive(summary: () => readonly string[]): () => void {
  const write = process.stderr.write.bind(process.stderr);
  let drawn = 0;
  const erase = () => {
    // The terminal has put ^C where the cursor stands: erase from the first column on.
    if (drawn > 0) write(`\r\x1b[${drawn}A\x1b[J`);
    drawn = 0;
  };
  const draw = () => {
    const lines = summary().map((line) => Bun.sliceAnsi(line, 0, (process.stderr.columns || 80) - 1));
    write(`${drawn > 0 ? `\r\x1b[${drawn}A` : ""}${lines.map((line) => `\x1b[2K${line}\n`).join("")}`);
    drawn = lines.length;
  };
  process.stderr.write = ((...args: Parameters<typeof write>) => {
    erase();
    const written = write(...args);
    draw();
    return written;
  }) as typeof process.stderr.write;
  draw();
  const timer = setInterval(draw, 200);
  return () => {
    clearInterval(timer);
    process.stderr.write = write;
    draw();
  };
}

const { red } = colorsFor(process.stderr);

function terminalMode(): "live" | "plain" {
  return process.stderr.isTTY ? "live" : "plain";
}

function summary(session: Session, tallies: readonly Tally[]): string[] {
  return [
    ...tallies.map((tally) => phaseLine(tally, isFound(tallies))),
    poolNow(
      session,
      tallies.some((tally) => tally.endedMs === null),
    ),
  ];
}

/** Whether all there is to do is known: no import is looking for more. */
const isFound = (tallies: readonly Tally[]) =>
  tallies.every(({ phase, endedMs }) => phase !== "import" || endedMs !== null);

/**
 * `analysis   1,204 / 5,000  812/s  3 failed  5 s left`. While an import is looking for more, the total has a `+` behind
 * it and the time left is that of what is found: `at least 5 s left`.
 */
function phaseLine(tally: Tally, isFound: boolean): string {
  const worked = workedOn(tally);
  const rate = worked / Math.max(seconds(tally), 0.001);
  const total = Math.max(tally.total, worked);
  const isRunning = tally.endedMs === null && rate > 0 && total > worked;
  const left = isRunning ? `  ${isFound ? "" : "at least "}${time((total - worked) / rate)} left` : "";
  const failed = tally.failed > 0 ? `  ${red(`${count(tally.failed)} failed`)}` : "";
  const more = isFound || tally.endedMs !== null ? "" : "+";
  return `${tally.phase.padEnd(9)} ${count(worked)} / ${count(total)}${more}  ${count(Math.round(rate))}/s${failed}${left}`;
}

const count = (value: number) => value.toLocaleString("en-US");

function time(value: number): string {
  if (value < 90) return `${Math.ceil(value)} s`;
  return value < 5400 ? `${Math.round(value / 60)} min` : `${(value / 3600).toFixed(1)} h`;
}
