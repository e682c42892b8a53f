import type { PhaseReport, Report } from "../../phases/report.ts";
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
    `Pool: ${pool.total} total, ${pool.idle} idle, ${pool.acquires} checkouts, ${pool.pings} pings, ${pool.lost} lost`,
    `Threads: ${threads.count}, ${busy} % busy${threads.restarts > 0 ? `, ${threads.restarts} replaced` : ""}`,
    `${report.stopped ? "Stopped" : "Done"} in ${report.seconds.toFixed(1)} s; library: ${report.database}`,
  ].join("\n");
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
