import type { Settings } from "../base/api.ts";
import { askStudy, type Study } from "../base/study.ts";
import type { Instrument } from "./instrument.ts";
import { createTransport, type Stretch, type Transport } from "./transport.ts";

/** What is being listened to. */
export interface Listening {
  readonly id: number;
  readonly title: string;
}

/** One player for the whole page: what plays goes on while the person looks elsewhere. */
export interface Player {
  readonly piece: Listening | null;
  readonly playing: boolean;
  /** Being fetched; the sound begins when it is there. */
  readonly loading: boolean;
  readonly error: string | null;
  /** What makes the sound; null before the first note. */
  readonly instrument: string | null;
  readonly study: Study | null;
  readonly speed: number;
  readonly stretch: Stretch | null;
  readonly muted: ReadonlySet<number>;
  readonly solo: ReadonlySet<number>;
  seconds(): number;
  play(piece: Listening, study?: Study): Promise<void>;
  toggle(piece?: Listening, study?: Study): void;
  pause(): void;
  seek(seconds: number): void;
  setSpeed(speed: number): void;
  setStretch(stretch: Stretch | null): void;
  mute(voice: number): void;
  listenOnlyTo(voice: number): void;
  onChange(listener: () => void): void;
  key(event: KeyboardEvent): boolean;
  /** Loudness now, 0 to 1: the peak of the last moments. */
  level(): number;
}

interface Sound {
  readonly context: AudioContext;
  readonly instrument: Instrument;
  readonly meter: AnalyserNode;
}

export function createPlayer(soundFont: Settings["soundFont"]): Player {
  const listeners = new Set<() => void>();
  const state = {
    piece: null as Listening | null,
    loading: false,
    error: null as string | null,
    study: null as Study | null,
    speed: 1,
    stretch: null as Stretch | null,
    muted: new Set<number>(),
    solo: new Set<number>(),
  };
  let sound: Promise<Sound> | null = null;
  let ready: Sound | null = null;
  let transport: Transport | null = null;
  let asked = new AbortController();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const heard = (voice: number) => (state.solo.size > 0 ? state.solo.has(voice) : !state.muted.has(voice));

  const open = async (): Promise<Sound> => {
    const context = new AudioContext({ latencyHint: "interactive" });
    const meter = new AnalyserNode(context, { fftSize: 2048 });
    meter.connect(context.destination);
    const instrument = await instrumentOf(context, meter, soundFont);
    const made = { context, instrument, meter };
    ready = made;
    return made;
  };
  const load = async (piece: Listening, known: Study | undefined) => {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    transport?.pause();
    transport = null;
    Object.assign(state, { piece, loading: true, error: null, study: known ?? null, stretch: null });
    state.muted.clear();
    state.solo.clear();
    tell();
    try {
      sound ??= open();
      const [{ context, instrument }, study] = await Promise.all([sound, known ?? askStudy(piece.id, signal)]);
      if (signal.aborted) return false;
      await context.resume();
      state.study = study;
      transport = createTransport(context, instrument, study, tell);
      transport.setSpeed(state.speed);
      transport.setHeard(heard);
      return true;
    } catch (error) {
      if ((error as Error).name !== "AbortError") state.error = (error as Error).message;
      return false;
    } finally {
      if (!signal.aborted) {
        state.loading = false;
        tell();
      }
    }
  };
  const player: Player = {
    get piece() {
      return state.piece;
    },
    get loading() {
      return state.loading;
    },
    get error() {
      return state.error;
    },
    get study() {
      return state.study;
    },
    get speed() {
      return state.speed;
    },
    get stretch() {
      return state.stretch;
    },
    get muted() {
      return state.muted;
    },
    get solo() {
      return state.solo;
    },
    get playing() {
      return transport?.playing ?? false;
    },
    get instrument() {
      return (ready as Sound | null)?.instrument.name ?? null;
    },
    seconds: () => transport?.seconds() ?? 0,
    async play(piece, study) {
      if (state.piece?.id !== piece.id || transport === null) {
        if (!(await load(piece, study))) return;
      }
      transport?.play();
      tell();
    },
    toggle(piece, study) {
      if (piece && piece.id !== state.piece?.id) void player.play(piece, study);
      else if (player.playing) player.pause();
      else if (piece ?? state.piece) void player.play((piece ?? state.piece)!, study);
    },
    pause() {
      transport?.pause();
      tell();
    },
    seek(seconds) {
      transport?.seek(seconds);
      tell();
    },
    setSpeed(speed) {
      state.speed = speed;
      transport?.setSpeed(speed);
      tell();
    },
    setStretch(stretch) {
      state.stretch = stretch;
      transport?.setStretch(stretch);
      tell();
    },
    mute(voice) {
      if (!state.muted.delete(voice)) state.muted.add(voice);
      transport?.setHeard(heard);
      tell();
    },
    listenOnlyTo(voice) {
      if (!state.solo.delete(voice)) state.solo.add(voice);
      transport?.setHeard(heard);
      tell();
    },
    onChange: (listener) => void listeners.add(listener),
    key(event) {
      if (event.key !== " " || !state.piece) return false;
      player.toggle();
      return true;
    },
    level() {
      const meter = (ready as Sound | null)?.meter;
      if (!meter) return 0;
      const samples = new Float32Array(meter.fftSize);
      meter.getFloatTimeDomainData(samples);
      return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
    },
  };
  return player;
}

/** The synthesiser is fetched when somebody listens for the first time. */
async function instrumentOf(
  context: AudioContext,
  output: AudioNode,
  soundFont: Settings["soundFont"],
): Promise<Instrument> {
  if (soundFont === null) return (await import("./tones.ts")).tones(context, output);
  return (await import("./synthesiser.ts")).synthesiser(context, output, soundFont.name);
}
