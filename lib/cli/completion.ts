import type { Script } from "./script.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** What a shell loads to complete the commands of `name` and their flags; values are completed as files. */
export function completion(shell: Shell, name: string, scripts: readonly Script[]): string {
  return { bash, zsh, fish }[shell](name, scripts);
}

const flagsOf = (script: Script) => [...Object.keys(script.flags), "help", "version"].map((flag) => `--${flag}`);

/** Load it with `source <(midiworks completion bash)`. */
function bash(name: string, scripts: readonly Script[]): string {
  const cases = scripts.map((script) => `    ${script.name}) words="${flagsOf(script).join(" ")}" ;;`);
  return `_${name}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${scripts.map((script) => script.name).join(" ")} completion" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _${name} ${name}
`;
}

/** Load it with `source <(midiworks completion zsh)`. */
function zsh(name: string, scripts: readonly Script[]): string {
  const quoted = (text: string) => text.replaceAll("'", "").replaceAll(":", "\\:");
  const commands = scripts.map((script) => `    '${script.name}:${quoted(script.description)}'`);
  const cases = scripts.map((script) => {
    const flags = Object.entries(script.flags).map(([flag, { type, description }]) => {
      const text = quoted(description).replaceAll("[", "(").replaceAll("]", ")");
      return `'--${flag}${type === "boolean" ? "" : "="}[${text}]${type === "boolean" ? "" : ":value:_files"}'`;
    });
    return `    ${script.name}) _arguments ${flags.join(" ")} '*:file:_files' ;;`;
  });
  return `#compdef ${name}
_${name}() {
  local -a commands=(
${commands.join("\n")}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command="$words[2]"
  shift words; (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
  esac
}
compdef _${name} ${name}
`;
}

/** Load it with `midiworks completion fish | source`. */
function fish(name: string, scripts: readonly Script[]): string {
  const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = scripts.flatMap((script) => [
    `complete -c ${name} -n __fish_use_subcommand -f -a ${script.name} -d ${quoted(script.description)}`,
    ...Object.entries(script.flags).map(([flag, { type, description }]) => {
      const value = type === "boolean" ? "" : " -r";
      return `complete -c ${name} -n '__fish_seen_subcommand_from ${script.name}' -l ${flag}${value} -d ${quoted(description)}`;
    }),
  ]);
  return `${lines.join("\n")}\n`;
}
