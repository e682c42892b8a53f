import { h } from "../base/dom.ts";
import type { Study } from "../base/study.ts";
import { shown, whole } from "../base/texts.ts";
import { voiceColour } from "../shell/theme.ts";
import type { Player } from "../sound/player.ts";

/** Voices that are listed; a file may have a hundred thousand. */
const MOST_VOICES = 100;

/** The voices of a piece in their colours, to be muted or listened to alone. */
export function voicesPanel(study: Study, player: Player, changed: () => void): HTMLElement {
  const tracks = new Map(study.features.tracks.map((track) => [`${track.track}/${track.channel}`, track]));
  const rows = study.voices.slice(0, MOST_VOICES).map((voice, v) => {
    const track = tracks.get(`${voice.track}/${voice.channel}`);
    const instrument = track?.instrument ?? "";
    const name = shown(track?.name ?? "") || instrument || `Track ${voice.track + 1}`;
    const mute = toggle("M", `Mute ${name}`, () => player.mute(v));
    const solo = toggle("S", `Listen to ${name} alone`, () => player.listenOnlyTo(v));
    const role = track ? `${track.role}${track.drum ? "" : ` ${Math.round(track.roleConfidence * 100)} %`}` : "";
    const row = h(
      "li",
      { class: "voice", style: `--ink:${voiceColour(v, voice.drum)}` },
      h("i", { class: "swatch" }),
      h(
        "span",
        { class: "two" },
        h("span", { class: "title", dir: "auto", title: name }, name),
        h(
          "span",
          { class: "faint under" },
          [instrument === name ? "" : instrument, role, `${whole(voice.notes)} notes`].filter(Boolean).join(" · "),
        ),
      ),
      mute,
      solo,
    );
    return { row, mute, solo };
  });
  const draw = () => {
    const isHere = player.piece?.id === study.id;
    for (const [v, { row, mute, solo }] of rows.entries()) {
      const [isMuted, isSolo] = [isHere && player.muted.has(v), isHere && player.solo.has(v)];
      mute.setAttribute("aria-pressed", String(isMuted));
      solo.setAttribute("aria-pressed", String(isSolo));
      row.classList.toggle("silent", isHere && (player.solo.size > 0 ? !isSolo : isMuted));
    }
    changed();
  };
  player.onChange(draw);
  draw();
  const more = study.voices.length - rows.length;
  return h(
    "ul",
    { class: "voices", "aria-label": "Voices" },
    ...rows.map(({ row }) => row),
    more > 0 ? h("li", { class: "faint" }, `and ${whole(more)} more`) : null,
  );
}

function toggle(text: string, name: string, press: () => void): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: "toggle", "aria-label": name, title: name, "aria-pressed": "false", onclick: press },
    text,
  );
}
