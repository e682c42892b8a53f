import { libraryFlags } from "../lib/cli/flags.ts";
import { libraryOptions } from "../lib/cli/job-options.ts";
import { runScript } from "../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../lib/cli/script.ts";
import { printRows } from "../lib/cli/text/answer-output.ts";
import { askLibrary } from "../lib/library/ask.ts";
import { withLibrary } from "../lib/library/open-library.ts";

/** Asks the library in SQL, also the embedded one, which no psql needs to find. */
export const script = defineScript({
  name: "sql",
  description: "Ask the library one statement in SQL: read-only, unless --write is given",
  operands: "STATEMENT",
  flags: {
    write: { type: "boolean", description: "Let the statement change the library" },
    json: { type: "boolean", description: "One JSON object a row" },
    csv: { type: "boolean", description: "Comma-separated values with a header" },
    database: libraryFlags.database,
    "data-dir": libraryFlags["data-dir"],
  },
  async run(values, { files }) {
    const [statement, ...more] = files;
    if (statement === undefined || more.length > 0) throw new UsageError("expected one statement, in quotes");
    if (values.json && values.csv) throw new UsageError("--json and --csv given, expected one of them");
    const format = values.json ? "json" : values.csv ? "csv" : "table";
    await withLibrary({ command: "sql", ...libraryOptions(values) }, (library) =>
      askLibrary(library, statement, values, (answer) => printRows(answer, format)),
    );
    return 0;
  },
});

if (import.meta.main) await runScript(script);
