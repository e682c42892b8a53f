import type { Status } from "../../library/status.ts";

/** One metric: its name, what it means, and its values by label. */
type Metric = readonly [name: string, help: string, values: readonly (readonly [labels: string, value: number])[]];

/** A status in the text format of Prometheus (exposition format 0.0.4): gauges, to be written where a collector reads. */
export function metricsText(status: Status): string {
  return METRICS.map((metric) => metric(status))
    .map(([name, help, values]) => {
      const lines = values.map(([labels, value]) => `midiworks_${name}${labels && `{${labels}}`} ${value}\n`);
      return `# HELP midiworks_${name} ${help}\n# TYPE midiworks_${name} gauge\n${lines.join("")}`;
    })
    .join("");
}

const METRICS: readonly ((status: Status) => Metric)[] = [
  ({ contents }) => ["contents", "Distinct files", by("status", contents, ["ok", "repaired", "rejected"])],
  ({ contents }) => ["content_bytes", "Bytes of distinct files", [["", contents.bytes]]],
  ({ places }) => [
    "places",
    "Places of files",
    by("state", places, ["present", "part", "archive", "unreadable", "gone", "duplicates", "lost"]),
  ],
  ({ analysis, split }) => [
    "phase_contents",
    "Distinct files by phase and state",
    [...phase("analysis", analysis), ...phase("split", split)],
  ],
  ({ parts }) => ["parts", "Parts that were cut", [["", parts.count]]],
  ({ runs }) => ["runs", "Processes at work", [["", runs.length]]],
  ({ sizes }) => [
    "table_bytes",
    "Bytes on the server's disk",
    sizes.map(({ name, bytes }) => [`table="${name}"`, bytes]),
  ],
];

function by<T>(label: string, counts: T, names: readonly (keyof T & string)[]): (readonly [string, number])[] {
  return names.map((name) => [`${label}="${name}"`, counts[name] as number]);
}

function phase(name: string, counts: Status["analysis"]): (readonly [string, number])[] {
  return by("state", counts, ["pending", "claimed", "done", "failed", "not_applicable"]).map(([labels, value]) => [
    `phase="${name}",${labels}`,
    value,
  ]);
}
