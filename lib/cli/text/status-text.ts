import type { Status } from "../../library/status.ts";
import { type Column, table } from "./table.ts";

/** A status for people, in lines at most `width` columns wide where that can be done. */
export function statusText(status: Status, width: number): string {
  const { contents, places, parts, rates } = status;
  const lines = [
    `Library: ${status.library}`,
    `Files: ${count(contents.count)} distinct, ${bytes(contents.bytes)}${but(contents, ["repaired", "rejected"])}`,
    `Places: ${count(places.present)}${but(places, ["duplicates", "archive", "part", "unreadable", "gone", "lost"])}`,
    `Parts: ${parts.estimated ? "about " : ""}${count(parts.count)}`,
    `On disk: ${bytes(status.sizes.reduce((sum, size) => sum + size.bytes, 0))} (${sizes(status)})`,
    ...(rates ? [`A second: ${rates.imported} imported, ${rates.analysed} analysed, ${rates.split} split`] : []),
    "",
    phases(status, width),
    "",
    status.runs.length > 0 ? runs(status, width) : "No run is at work.",
    ...(status.failures.length > 0 ? ["", failures(status, width)] : []),
  ];
  return lines.join("\n");
}

const count = (value: number) => Math.round(value).toLocaleString("en-US");

function bytes(value: number): string {
  const steps = ["bytes", "kB", "MB", "GB", "TB"];
  const step = Math.min(steps.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(value, 1)) / 3)));
  return `${step === 0 ? value : (value / 1000 ** step).toFixed(1)} ${steps[step]}`;
}

/** Counts that are not zero, by name. */
function but<T>(counts: T, names: readonly (keyof T & string)[]): string {
  return names
    .filter((name) => (counts[name] as number) > 0)
    .map((name) => `, ${count(counts[name] as number)} ${NAMES[name] ?? name}`)
    .join("");
}

const NAMES: Readonly<Record<string, string>> = {
  archive: "archives",
  part: "of our own parts",
  lost: "files without a place",
};

const sizes = ({ sizes }: Status) => sizes.map(({ name, bytes: size }) => `${name} ${bytes(size)}`).join(", ");

function phases(status: Status, width: number): string {
  const states = ["done", "pending", "claimed", "failed", "not_applicable"] as const;
  const columns: Column[] = [{ title: "phase" }, ...states.map((state) => ({ title: TITLES[state], right: true }))];
  const row = (phase: "analysis" | "split") => [phase, ...states.map((state) => count(status[phase][state]))];
  return table(columns, [row("analysis"), row("split")], width);
}

const TITLES = {
  done: "done",
  pending: "pending",
  claimed: "claimed",
  failed: "failed",
  not_applicable: "not needed",
} as const;

function runs(status: Status, width: number): string {
  const columns: Column[] = [
    { title: "run", right: true },
    { title: "command" },
    { title: "machine", least: 12 },
    { title: "pid", right: true },
    { title: "since" },
    { title: "claimed", right: true },
    { title: "lease" },
  ];
  const rows = status.runs.map((run) => [
    `${run.id}`,
    run.command,
    run.machine.split(" ")[0]!,
    `${run.pid}`,
    run.startedAt.toISOString().replace("T", " ").slice(0, 19),
    count(run.analysis + run.split),
    run.leaseSeconds > 0 ? `${Math.ceil(run.leaseSeconds)} s left` : "over, to be taken over",
  ]);
  return table(columns, rows, width);
}

function failures(status: Status, width: number): string {
  const columns: Column[] = [
    { title: "failed", right: true },
    { title: "phase" },
    { title: "reason", least: 24 },
    { title: "example", least: 24, keepEnd: true },
  ];
  const rows = status.failures.map(({ count: times, phase, reason, example }) => [
    count(times),
    phase,
    reason,
    example ?? "",
  ]);
  return table(columns, rows, width);
}
