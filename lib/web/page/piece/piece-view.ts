import { askPiece, type PieceOf } from "../base/api.ts";
import { h, icon, refill } from "../base/dom.ts";
import { goBack } from "../base/place.ts";
import { askStudy, type Study } from "../base/study.ts";
import { bytes, clock, count, percent, pitchName, shown, whole } from "../base/texts.ts";
import type { View } from "../base/view.ts";
import { colour } from "../shell/theme.ts";
import type { Player } from "../sound/player.ts";
import { differences } from "./differences.ts";
import { facts, headline } from "./facts.ts";
import { karaoke } from "./karaoke.ts";
import { createRoll, type Roll, type RollLayer } from "./roll.ts";
import { differenceShades, voiceShades } from "./shades.ts";
import { voicesPanel } from "./voices-panel.ts";

/** One piece: its roll to look at and to listen to, and all that is known of it. */
export function pieceView(id: number, player: Player): View {
  const title = h("h1", { class: "piece-title", dir: "auto" }, "…");
  const path = h("p", { class: "faint piece-path", dir: "auto" });
  const play = h("button", { class: "play large", type: "button", "aria-label": "Play" }, icon("play"));
  const actions = h("div", { class: "actions" });
  const head = h(
    "header",
    { class: "piece-head" },
    h("button", { type: "button", class: "quiet round", "aria-label": "Back", onclick: () => goBack() }, icon("back")),
    play,
    h("div", { class: "two" }, title, path),
    actions,
  );
  const band = h("div");
  const stage = h(
    "section",
    { class: "stage", "aria-label": "Piano roll" },
    h("div", { class: "waiting" }, h("span", { class: "spinner" })),
  );
  const below = h("div", { class: "below" });
  const element = h("div", { class: "piece" }, head, band, stage, below);
  const stop = new AbortController();
  let known: PieceOf | null = null;
  let study: Study | null = null;
  let roll: Roll | null = null;
  let words: ReturnType<typeof karaoke> = null;
  let following = false;

  const heard = (voice: number) =>
    !isHere() || (player.solo.size > 0 ? player.solo.has(voice) : !player.muted.has(voice));
  const isHere = () => player.piece?.id === id;
  const now = () => (isHere() && (player.playing || player.seconds() > 0) ? player.seconds() : null);
  const named = () => ({ id, title: titleOf(known) });
  play.addEventListener("click", () => player.toggle(named(), study ?? undefined));
  const onPlayer = () => {
    refill(
      play,
      isHere() && player.loading
        ? h("span", { class: "spinner" })
        : icon(isHere() && player.playing ? "pause" : "play"),
    );
    play.setAttribute("aria-label", isHere() && player.playing ? "Pause" : "Play");
    roll?.draw();
    begin();
  };
  const begin = () => {
    if (following) return;
    following = true;
    requestAnimationFrame(follow);
  };
  const follow = () => {
    following = false;
    if (stop.signal.aborted) return;
    roll?.draw();
    words?.move(now());
    if (isHere() && player.playing) begin();
  };
  player.onChange(() => {
    if (!stop.signal.aborted) onPlayer();
  });

  const setRoll = (layers: readonly RollLayer[], label: string, tip: HTMLElement) => {
    roll?.leave();
    roll = createRoll(
      layers,
      {
        seek(seconds) {
          if (isHere()) player.seek(seconds);
          else void player.play(named(), study ?? undefined).then(() => player.seek(seconds));
        },
        stretch(from, to) {
          if (to - from < 0.05) return;
          if (isHere()) player.setStretch({ from, to });
          else void player.play(named(), study ?? undefined).then(() => player.setStretch({ from, to }));
        },
        point: (found) => refill(tip, found ? noteText(layers[found.layer]!.study, found.note) : ""),
        now,
        loop: () => (isHere() ? player.stretch : null),
      },
      label,
    );
    return roll;
  };

  const showStudy = (found: Study) => {
    study = found;
    refill(band, headline(found));
    const tip = h("span", { class: "tip faint", "aria-hidden": "true" });
    const made = setRoll(
      [{ study: found, shades: () => voiceShades(found, heard) }],
      `Piano roll of ${titleOf(known)}: ${count(found.notes.count, "note")} in ${count(found.voices.length, "voice")}`,
      tip,
    );
    words = karaoke(found, (seconds) =>
      isHere() ? player.seek(seconds) : void player.play(named(), found).then(() => player.seek(seconds)),
    );
    const unloop = h(
      "button",
      { type: "button", class: "quiet chip", hidden: true, onclick: () => player.setStretch(null) },
      icon("loop"),
      h("span"),
      icon("close"),
    );
    player.onChange(() => {
      const stretch = isHere() ? player.stretch : null;
      unloop.hidden = stretch === null;
      if (stretch) unloop.children[1]!.textContent = `${clock(stretch.from)} to ${clock(stretch.to)}`;
    });
    const tools = h(
      "div",
      { class: "roll-tools" },
      h("span", { class: "faint" }, "Wheel zooms, drag moves, drag above chooses a loop"),
      tip,
      unloop,
      h(
        "button",
        { type: "button", class: "toggle", "aria-label": "Zoom out", onclick: () => made.zoom(1 / 1.5) },
        "−",
      ),
      h("button", { type: "button", class: "toggle", "aria-label": "Zoom in", onclick: () => made.zoom(1.5) }, "+"),
      h("button", { type: "button", class: "toggle wide", onclick: () => made.fit() }, "Whole"),
    );
    refill(
      stage,
      voicesPanel(found, player, () => made.recolour()),
      h("div", { class: "roll-box" }, made.element, tools),
      words?.element ?? null,
    );
    stage.classList.toggle("sings", words !== null);
    drawBelow();
  };

  const compare = async (other: PieceOf["near"][number]) => {
    if (!study) return;
    const mine = study;
    const { inBoth, only, moved, transposed, stretched } = differences(mine, await askStudy(other.id, stop.signal));
    const tip = h("span", { class: "tip faint" });
    const made = setRoll(
      [
        { study: moved, shades: () => differenceShades(inBoth[1], "--voice-2") },
        { study: mine, shades: () => differenceShades(inBoth[0], "--voice-1") },
      ],
      `Both rolls over each other: ${only[0]} notes only here, ${only[1]} only there`,
      tip,
    );
    const facts_ = [
      transposed !== 0 ? `transposed by ${transposed > 0 ? "+" : ""}${transposed}` : null,
      Math.abs(stretched - 1) > 0.005
        ? `${percent(Math.abs(stretched - 1))} ${stretched > 1 ? "slower" : "faster"}`
        : null,
    ].filter(Boolean);
    refill(
      stage,
      h(
        "div",
        { class: "compare" },
        h("h2", null, "Compared"),
        h(
          "p",
          null,
          h("i", { class: "swatch", style: `--ink:${colour("--voice-1")}` }),
          `${count(only[0], "note")} only here`,
        ),
        h(
          "p",
          null,
          h("i", { class: "swatch", style: `--ink:${colour("--voice-2")}` }),
          `${count(only[1], "note")} only in `,
          h("a", { href: `/piece/${other.id}`, dir: "auto" }, shown(other.title)),
        ),
        h(
          "p",
          { class: "faint" },
          facts_.length > 0
            ? `The other is ${facts_.join(" and ")}; laid over each other.`
            : "Both at the same pitch and tempo.",
        ),
        h("button", { type: "button", class: "button", onclick: () => showStudy(mine) }, "Back to the piece"),
      ),
      h(
        "div",
        { class: "roll-box" },
        made.element,
        h(
          "div",
          { class: "roll-tools" },
          tip,
          h("button", { type: "button", class: "toggle wide", onclick: () => made.fit() }, "Whole"),
        ),
      ),
    );
    stage.classList.remove("sings");
    stage.scrollIntoView({ block: "nearest" });
  };

  const drawBelow = () => {
    if (!known) return;
    refill(
      below,
      repairsCard(known, study),
      nearCard(known, compare),
      partsCard(known),
      placesCard(known),
      study ? facts(study) : null,
    );
  };

  const load = async () => {
    const pending = askStudy(id, stop.signal).then(showStudy, (error: Error) => {
      if (error.name !== "AbortError")
        refill(
          stage,
          h("div", { class: "empty" }, h("h2", null, "No notes to show"), h("p", null, shown(error.message))),
        );
    });
    try {
      known = await askPiece(id);
    } catch (error) {
      refill(
        stage,
        h(
          "div",
          { class: "empty" },
          h("h2", null, "Not here"),
          h("p", null, shown((error as Error).message)),
          h("a", { href: "/library" }, "To the library"),
        ),
      );
      title.textContent = "Not here";
      play.hidden = true;
      return;
    }
    title.textContent = shown(titleOf(known));
    document.title = `${titleOf(known)} · midiworks`;
    const [place] = known.places;
    path.textContent = place ? shown(placeText(place)) : "at no place any more";
    refill(
      actions,
      h("a", { class: "button", href: `/piece/${id}.mid`, download: fileName(known) }, icon("take"), "Download"),
    );
    drawBelow();
    await pending;
  };
  void load();
  onPlayer();

  return {
    element,
    title: "midiworks",
    follow() {},
    key(event) {
      const acts: Record<string, () => void> = {
        " ": () => player.toggle(named(), study ?? undefined),
        "+": () => roll?.zoom(1.5),
        "=": () => roll?.zoom(1.5),
        "-": () => roll?.zoom(1 / 1.5),
        ArrowRight: () => roll?.pan(0.25),
        ArrowLeft: () => roll?.pan(-0.25),
        Escape: () => goBack(),
      };
      if ((event.target as Element).closest("button, a, summary")) return false;
      acts[event.key]?.();
      return event.key in acts;
    },
    leave() {
      stop.abort();
      roll?.leave();
    },
  };
}

const titleOf = (known: PieceOf | null) => known?.piece?.title ?? known?.title ?? (known ? fileName(known) : "…");
const fileName = ({ places: [place], sha256 }: PieceOf) =>
  place ? (place.member || place.path).split("/").at(-1)! : `${sha256.slice(0, 16)}.mid`;
const placeText = ({ root, path, member }: PieceOf["places"][number]) => `${root}/${path}${member && `!/${member}`}`;

function noteText({ notes, voices, features }: Study, note: number): string {
  const voice = voices[notes.voice[note]!]!;
  const track = features.tracks.find((each) => each.track === voice.track && each.channel === voice.channel);
  const pitch = voice.drum ? `drum ${notes.pitch[note]}` : pitchName(notes.pitch[note]!);
  return `${pitch}, velocity ${notes.velocity[note]}, ${notes.start[note]!.toFixed(2)} s, ${shown(track?.name ?? track?.instrument ?? "")}`;
}

function card(title: string, about: string, ...children: Parameters<typeof refill>[1][]): HTMLElement {
  return h(
    "section",
    { class: "card" },
    h("h3", null, title, about ? h("span", { class: "faint" }, about) : null),
    ...children,
  );
}

function repairsCard({ status, error }: PieceOf, study: Study | null): HTMLElement | null {
  if (status === "rejected") return card("Not a MIDI file", "", h("p", { class: "wrong" }, shown(error ?? "")));
  if (!study || study.repairs.length === 0) return null;
  return card(
    "Repaired on reading",
    "the file itself is as it was",
    h(
      "ul",
      { class: "plain" },
      ...study.repairs.map(({ code, count: times, meaning }) =>
        h("li", null, meaning ?? code, times > 1 ? h("span", { class: "faint" }, ` ${whole(times)} times`) : null),
      ),
    ),
  );
}

const SAME = { notes: "the same notes", tune: "the same tune", piece: "in other hands" } as const;

function nearCard({ near }: PieceOf, compare: (other: PieceOf["near"][number]) => Promise<void>): HTMLElement | null {
  if (near.length === 0) return null;
  const rows = near.map((other) =>
    h(
      "li",
      null,
      h(
        "span",
        { class: "two" },
        h("a", { class: "title", href: `/piece/${other.id}`, dir: "auto" }, shown(other.title)),
        h("span", { class: "faint under", dir: "auto" }, shown(other.path)),
      ),
      h("span", { class: "faint" }, SAME[other.same]),
      h("button", { type: "button", class: "button", onclick: () => void compare(other) }, "Compare"),
    ),
  );
  return card("Near-copies", "", h("ul", { class: "list" }, ...rows));
}

function partsCard({ id, parts }: PieceOf): HTMLElement | null {
  if (parts.length === 0) return null;
  const rows = parts.map((part) =>
    h(
      "li",
      null,
      h(
        "span",
        { class: "two" },
        h("span", { class: "title", dir: "auto" }, shown(part.name ?? part.path.split("/").at(-1)!)),
        h(
          "span",
          { class: "faint under" },
          `${part.drum ? "drums, " : ""}${count(part.notes, "note")}, ${bytes(part.size)}`,
        ),
      ),
      h(
        "a",
        {
          class: "button",
          href: `/piece/${id}/part/${part.number}.mid`,
          download: part.path.split("/").at(-1)!,
          "aria-label": `Download ${shown(part.name ?? "part")}`,
        },
        icon("take"),
      ),
    ),
  );
  return card("Parts", `${parts.length}`, h("ul", { class: "list" }, ...rows));
}

function placesCard({ places, placeCount, size, sha256 }: PieceOf): HTMLElement {
  const rows = places.map((place) =>
    h(
      "li",
      { class: place.gone ? "gone" : "" },
      h("code", { dir: "auto" }, shown(placeText(place))),
      place.gone ? h("span", { class: "faint" }, "was here") : null,
    ),
  );
  const more = placeCount - places.length;
  return card(
    "Places",
    `${bytes(size)} at ${count(placeCount, "place")}`,
    h("ul", { class: "list" }, ...rows),
    more > 0 ? h("p", { class: "faint" }, `and ${whole(more)} more`) : null,
    h("p", { class: "faint" }, "SHA-256 ", h("code", null, sha256)),
  );
}
