/** Dark and light as the system says, until the person says otherwise. */
const kept = localStorage.getItem("theme");
if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;

const changed = new EventTarget();
export const onTheme = (listener: () => void): void => changed.addEventListener("change", listener);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => changed.dispatchEvent(new Event("change")));

export function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}

export function toggleTheme(): void {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
  changed.dispatchEvent(new Event("change"));
}

/** A colour of the style sheet as it is now, for what is drawn. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Colours of voices, one after the other; drums have their own. */
export function voiceColour(voice: number, drum: boolean): string {
  return drum ? colour("--drums") : colour(`--voice-${voice % 10}`);
}
