import { h, icon, refill } from "../base/dom.ts";
import { clock, shown } from "../base/texts.ts";
import type { Player } from "../sound/player.ts";

const SPEEDS = [0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2];

/** The player at the foot of the page: hidden until something is listened to. */
export function playerBar(player: Player): HTMLElement {
  const toggle = h("button", { class: "play large", type: "button", onclick: () => player.toggle() });
  const title = h("a", { class: "playing-title", href: "/library" });
  const source = h("span", { class: "faint" });
  const now = h("span", { class: "time" }, "0:00");
  const all = h("span", { class: "time faint" });
  const seek = h("input", {
    type: "range",
    class: "seek",
    min: 0,
    max: 1,
    step: 0.01,
    value: 0,
    "aria-label": "Position",
  });
  seek.addEventListener("input", () => player.seek(Number(seek.value)));
  const speed = h(
    "select",
    { class: "speed", "aria-label": "Speed", onchange: () => player.setSpeed(Number(speed.value)) },
    ...SPEEDS.map((value) => h("option", { value, selected: value === 1 }, `${value}×`)),
  );
  const bar = h(
    "footer",
    { class: "player", hidden: true, "aria-label": "Player" },
    toggle,
    h("div", { class: "playing" }, title, source),
    now,
    seek,
    all,
    speed,
  );
  const draw = () => {
    const { piece, playing, loading, error, instrument, study } = player;
    bar.hidden = piece === null;
    document.body.classList.toggle("has-player", piece !== null);
    if (!piece) return;
    refill(toggle, loading ? h("span", { class: "spinner" }) : icon(playing ? "pause" : "play"));
    toggle.setAttribute("aria-label", playing ? "Pause" : "Play");
    title.textContent = shown(piece.title);
    title.href = `/piece/${piece.id}`;
    source.textContent = error === null ? (loading ? "getting the sound ready" : (instrument ?? "")) : shown(error);
    source.classList.toggle("wrong", error !== null);
    seek.max = String(study?.seconds ?? 1);
    all.textContent = study ? clock(study.seconds) : "";
    move();
  };
  const move = () => {
    const seconds = player.seconds();
    if (document.activeElement !== seek || player.playing) seek.value = String(seconds);
    seek.style.setProperty("--at", `${(100 * seconds) / Math.max(Number(seek.max), 0.01)}%`);
    seek.setAttribute("aria-valuetext", clock(seconds));
    now.textContent = clock(Math.floor(seconds));
    if (player.playing) requestAnimationFrame(move);
  };
  player.onChange(draw);
  return bar;
}
