import { firstAt, type Study } from "../base/study.ts";
import type { Instrument } from "./instrument.ts";

/** Seconds of the audio clock that are handed to the instrument ahead, and milliseconds between looks. */
const AHEAD = 0.2;
const EVERY_MS = 50;

/** A stretch that is played again and again, seconds of the piece. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Plays a study: hands its notes to an instrument shortly before they are due. */
export interface Transport {
  readonly playing: boolean;
  /** Where it is, seconds of the piece. */
  seconds(): number;
  play(): void;
  pause(): void;
  seek(seconds: number): void;
  setSpeed(speed: number): void;
  setStretch(stretch: Stretch | null): void;
  /** Voices that are heard. */
  setHeard(heard: (voice: number) => boolean): void;
}

export function createTransport(
  context: AudioContext,
  instrument: Instrument,
  study: Study,
  ended: () => void,
): Transport {
  const { notes, controls } = study;
  const last = Math.max(study.seconds, 0.1);
  const ports = [...new Set(study.voices.map(({ port }) => port))].sort((a, b) => a - b);
  const bank = (port: number) => Math.max(0, ports.indexOf(port)) * 16;
  const channels = study.voices.map(({ port, channel }) => bank(port) + channel);
  let heard: (voice: number) => boolean = () => true;
  let speed = 1;
  let stretch: Stretch | null = null;
  let playing = false;
  let timer = 0;
  /** At `origin` of the audio clock the piece is at `position`. */
  let origin = 0;
  let position = 0;
  let note = 0;
  let control = 0;
  /** Ends of sounding notes, seconds of the piece, by channel and pitch. */
  let ends: { readonly at: number; readonly channel: number; readonly pitch: number }[] = [];

  const clockOf = (seconds: number) => origin + (seconds - position) / speed;
  const secondsAt = (clock: number) => position + Math.max(0, clock - origin) * speed;
  const now = () => (playing ? Math.min(secondsAt(context.currentTime), stretch?.to ?? last) : position);

  /** What the controllers say at a time: each one's last word. */
  const chase = (seconds: number) => {
    instrument.reset(16 * Math.max(1, ports.length));
    for (const [v, voice] of study.voices.entries())
      if (voice.drum !== (voice.channel === 9)) instrument.drums(channels[v]!, voice.drum);
    const until = firstAt(controls.seconds, seconds);
    const said = new Map<number, number>();
    for (let i = 0; i < until; i++) {
      const kind = controls.status[i]! >> 4;
      const key =
        (controls.port[i]! << 16) |
        (controls.status[i]! << 8) |
        (kind === 0xb || kind === 0xa ? controls.data1[i]! : 0);
      said.delete(key);
      said.set(key, i);
    }
    for (const i of said.values()) send(i, context.currentTime);
    control = until;
  };
  const send = (i: number, at: number) =>
    instrument.control(
      bank(controls.port[i]!) + (controls.status[i]! & 15),
      controls.status[i]!,
      controls.data1[i]!,
      controls.data2[i]!,
      at,
    );

  const start = (seconds: number, clock: number) => {
    position = seconds;
    origin = clock;
    ends = [];
    chase(seconds);
    note = firstAt(notes.start, seconds);
  };

  const endNotes = (until: number) => {
    const due = ends.filter(({ at }) => at <= until);
    if (due.length === 0) return;
    ends = ends.filter(({ at }) => at > until);
    for (const { at, channel, pitch } of due.sort((a, b) => a.at - b.at))
      instrument.noteOff(channel, pitch, clockOf(at));
  };

  const look = () => {
    const border = Math.min(stretch?.to ?? last, last);
    const until = Math.min(secondsAt(context.currentTime + AHEAD), border);
    while (control < controls.count && controls.seconds[control]! < until) {
      send(control, clockOf(controls.seconds[control]!));
      control++;
    }
    while (note < notes.count && notes.start[note]! < until) {
      const at = notes.start[note]!;
      endNotes(at);
      const voice = notes.voice[note]!;
      if (heard(voice)) {
        const [channel, pitch] = [channels[voice]!, notes.pitch[note]!];
        instrument.noteOn(channel, pitch, notes.velocity[note]!, clockOf(at));
        ends.push({ at: Math.max(notes.end[note]!, at + 0.01), channel, pitch });
      }
      note++;
    }
    endNotes(until);
    if (secondsAt(context.currentTime) < border) return;
    if (stretch) start(stretch.from, context.currentTime + 0.02);
    else {
      halt();
      position = 0;
      ended();
    }
  };
  const halt = () => {
    position = now();
    playing = false;
    clearInterval(timer);
    instrument.silence();
  };
  const restart = (seconds: number) => {
    if (playing) start(seconds, context.currentTime + 0.05);
    else position = seconds;
  };
  return {
    get playing() {
      return playing;
    },
    seconds: now,
    play() {
      if (playing) return;
      const outside = stretch && (position < stretch.from || position >= stretch.to);
      start(outside ? stretch!.from : position >= last ? 0 : position, context.currentTime + 0.06);
      playing = true;
      timer = setInterval(look, EVERY_MS) as unknown as number;
      look();
    },
    pause: () => playing && halt(),
    seek: (seconds) => restart(Math.max(0, Math.min(seconds, last))),
    setSpeed(next) {
      const at = now();
      speed = next;
      restart(at);
    },
    setStretch(next) {
      stretch = next;
      if (next && playing && (now() < next.from || now() >= next.to)) restart(next.from);
    },
    setHeard(next) {
      heard = next;
      for (const end of ends)
        if (!study.voices.some((_, v) => channels[v] === end.channel && next(v)))
          instrument.noteOff(end.channel, end.pitch, context.currentTime);
    },
  };
}
