import type { PhaseReport, Report } from "../phases/report.ts";

/** The report of a run, on stdout: a table for people, one JSON object for programs. */
export function printReport(report: Report, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${reportText(report)}\n`);
}

function reportText(report: Report): string {
  const { pool, threads } = report;
  const rows = [["phase", "done", "failed", "seconds", "files/s", ""], ...report.phases.map(row)];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((each) => each[i]!.length)));
  const table = rows.map((each) =>
    each
      .map((cell, i) => (i === 0 || i === 5 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
  const busy = Math.round(threads.busy * 100);
  return [
    ...table,
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
