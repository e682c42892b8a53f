#!/usr/bin/env bun
import { givenArguments } from "../lib/cli/arguments.ts";
import { type Commands, runCommand } from "../lib/cli/commands.ts";

/** Every script by its name, loaded when it is asked for. */
const COMMANDS: Commands = {
  orchestrate: () => import("./orchestrate.ts"),
  import: () => import("./import.ts"),
  analyze: () => import("./analyze.ts"),
  split: () => import("./split.ts"),
  search: () => import("./search.ts"),
  show: () => import("./show.ts"),
  status: () => import("./status.ts"),
  export: () => import("./export.ts"),
  duplicates: () => import("./duplicates.ts"),
  mend: () => import("./mend.ts"),
  roots: () => import("./roots.ts"),
  browse: () => import("./browse.ts"),
  sql: () => import("./sql.ts"),
};

if (import.meta.main) await runCommand("midiworks", COMMANDS, givenArguments());
