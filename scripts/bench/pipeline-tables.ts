import { table } from "../../lib/cli/text/table.ts";
import type { PhaseReport } from "../../lib/phases/report.ts";
import { ALONE, ALONE_PLAIN, type Run, TOGETHER, TOGETHER_PLAIN } from "./pipeline-variants.ts";
import { median, pairedRatio, percent, type Spread, secondsText, spread } from "./spread.ts";

/** What the settings of the pool promise in the system they come from. */
const PROMISED = { import: "5-8 %", analysis: "12-15 %", split: "8-10 %", all: "10-12 %" } as const;

interface Row {
  readonly name: string;
  readonly seconds: Spread;
  readonly filesPerSecond: number;
  readonly threadsBusy: number;
  /** Seconds of each phase, medians. */
  readonly phases: Readonly<Record<string, number>>;
}

interface PoolRow {
  readonly phase: string;
  readonly full: Spread;
  readonly plain: Spread;
  /** By how much the plain pool took longer, round by round. */
  readonly gain: Spread;
}

/** The tables for a person, or one JSON object. */
export function pipelineTables(machine: string, runs: ReadonlyMap<string, readonly Run[]>, json: boolean): string {
  const rows = [...runs].map(([name, rounds]) => rowOf(name, rounds));
  const pool = poolRows(runs);
  if (json) return `${JSON.stringify({ machine, rows, pool })}\n`;
  const blocks = [machine, rowTable(rows), ...(pool.length > 0 ? [poolTable(pool)] : [])];
  return `${blocks.join("\n\n")}\n`;
}

function rowOf(name: string, rounds: readonly Run[]): Row {
  const seconds = spread(rounds.map((run) => run.seconds));
  const names = phasesOf(rounds[0]!).map(({ phase }) => phase);
  const [first] = phasesOf(rounds[0]!);
  return {
    name,
    seconds,
    filesPerSecond: (first!.done + first!.failed) / seconds.median,
    threadsBusy: median(rounds.map((run) => Math.max(...run.reports.map((report) => report.threads.busy)))),
    phases: Object.fromEntries(names.map((phase) => [phase, median(phaseSeconds(rounds, phase))])),
  };
}

const phasesOf = (run: Run): PhaseReport[] => run.reports.flatMap((report) => report.phases);

function phaseSeconds(rounds: readonly Run[], phase: string): number[] {
  return rounds.map((run) => phasesOf(run).find((each) => each.phase === phase)!.seconds);
}

/** The full pool against the plain one: each phase alone, and all side by side. */
function poolRows(runs: ReadonlyMap<string, readonly Run[]>): PoolRow[] {
  const compare = (phase: string, full: readonly number[], plain: readonly number[]): PoolRow => ({
    phase,
    full: spread(full),
    plain: spread(plain),
    gain: pairedRatio(plain, full),
  });
  const [alone, alonePlain] = [runs.get(ALONE), runs.get(ALONE_PLAIN)];
  const [together, togetherPlain] = [runs.get(TOGETHER), runs.get(TOGETHER_PLAIN)];
  const rows: PoolRow[] = [];
  if (alone && alonePlain) {
    for (const phase of ["import", "analysis", "split"]) {
      rows.push(compare(phase, phaseSeconds(alone, phase), phaseSeconds(alonePlain, phase)));
    }
  }
  if (together && togetherPlain) {
    const all = (rounds: readonly Run[]) => rounds.map((run) => run.seconds);
    rows.push(compare("all", all(together), all(togetherPlain)));
  }
  return rows;
}

function rowTable(rows: readonly Row[]): string {
  const cells = rows.map(({ name, seconds, filesPerSecond, threadsBusy, phases }) => [
    name,
    secondsText(seconds),
    Math.round(filesPerSecond).toLocaleString("en-US"),
    `${Math.round(threadsBusy * 100)} %`,
    Object.entries(phases)
      .map(([phase, each]) => `${phase} ${each.toFixed(1)}`)
      .join(", "),
  ]);
  const columns = [
    { title: "" },
    { title: "median (least to most)" },
    { title: "files/s", right: true },
    { title: "threads", right: true },
    { title: "seconds of each phase" },
  ];
  return table(columns, cells, Number.POSITIVE_INFINITY);
}

function poolTable(rows: readonly PoolRow[]): string {
  const cells = rows.map(({ phase, full, plain, gain }) => [
    phase === "all" ? "all, side by side" : `${phase} alone`,
    secondsText(full),
    secondsText(plain),
    `${percent(gain.median)} (${percent(gain.least)} to ${percent(gain.most)})`,
    PROMISED[phase as keyof typeof PROMISED],
  ]);
  const columns = ["what the pool's settings are worth", "full", "plain", "plain takes longer by", "promised"];
  return table(
    columns.map((title) => ({ title })),
    cells,
    Number.POSITIVE_INFINITY,
  );
}
