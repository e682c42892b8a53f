import type { PhaseReport, Report } from "../../phases/report.ts";
import { printable } from "./printable.ts";
import { type Column, table } from "./table.ts";

/** The report of a run, on stdout: a table for people, one JSON object for programs. */
export function printReport(report: Report, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${reportText(report)}\n`);
}

const COLUMNS: readonly Column[] = [
  { title: "phase" },
  { title: "done", right: true },
  { title: "failed", right: true },
  { title: "seconds", right: true },
  { title: "files/s", right: true },
  { title: "" },
];

function reportText(report: Report): string {
  const { pool, threads } = report;
  const busy = Math.round(threads.busy * 100);
  return [
    table(COLUMNS, report.phases.map(row), Number.POSITIVE_INFINITY),
    ...report.phases.flatMap(passedOver),
    `Pool: ${pool.total} total, ${pool.idle} idle, ${pool.acquires} checkouts, ${pool.pings} pings, ${pool.lost} lost`,
    `Threads: ${threads.count}, ${busy} % busy${threads.restarts > 0 ? `, ${threads.restarts} replaced` : ""}`,
    `${report.stopped ? "Stopped" : "Done"} in ${report.seconds.toFixed(1)} s; library: ${report.database}`,
  ].join("\n");
}

/** So many kinds are named; the rest are a number. */
const KINDS_SHOWN = 6;

/** What an import passed over, by kind, with where one of them is. */
function passedOver({ passedOver: kinds = [] }: PhaseReport): string[] {
  if (kinds.length === 0) return [];
  const named = kinds.slice(0, KINDS_SHOWN).map(({ kind, count, example }) => {
    return `  ${count.toLocaleString("en-US")} ${printable(kind) || "without an ending"}, such as ${printable(example)}`;
  });
  const rest = kinds.slice(KINDS_SHOWN).reduce((sum, { count }) => sum + count, 0);
  const more = rest > 0 ? [`  ${rest.toLocaleString("en-US")} of other kinds`] : [];
  return ["Passed over, as neither MIDI files nor archives by their names:", ...named, ...more];
}

function row(phase: PhaseReport): string[] {
  const more = Object.entries(phase.counts)
    .filter(([, value]) => value > 0)
    .map(([name, value]) => `${name} ${value.toLocaleString("en-US")}`);
  return [
    phase.phase,
    phase.done.toLocaleString("en-US"),
    phase.failed.toLocaleString("en-US"),
    phase.seconds.toFixed(1),
    Math.round(phase.filesPerSecond).toLocaleString("en-US"),
    more.join(", "),
  ];
}
