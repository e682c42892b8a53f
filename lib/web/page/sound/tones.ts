import type { Instrument } from "./instrument.ts";

interface Sound {
  readonly type: OscillatorType;
  /** Seconds. */
  readonly attack: number;
  readonly decay: number;
  /** Share of the peak that is held. */
  readonly sustain: number;
  readonly release: number;
  /** Times the note's frequency. */
  readonly brightness: number;
}

/** By family of eight programs: piano, chromatic percussion, organ, guitar, bass, strings, ensemble, brass, reed, pipe, leads, pads, effects, ethnic, percussive, sound effects. */
const SOUNDS: readonly Sound[] = [
  { type: "triangle", attack: 0.003, decay: 1.2, sustain: 0.05, release: 0.15, brightness: 8 },
  { type: "sine", attack: 0.002, decay: 0.8, sustain: 0, release: 0.3, brightness: 12 },
  { type: "square", attack: 0.01, decay: 0.1, sustain: 0.8, release: 0.06, brightness: 4 },
  { type: "sawtooth", attack: 0.003, decay: 0.9, sustain: 0.08, release: 0.12, brightness: 5 },
  { type: "triangle", attack: 0.005, decay: 0.7, sustain: 0.35, release: 0.08, brightness: 5 },
  { type: "sawtooth", attack: 0.06, decay: 0.2, sustain: 0.8, release: 0.18, brightness: 4 },
  { type: "sawtooth", attack: 0.09, decay: 0.2, sustain: 0.8, release: 0.3, brightness: 3 },
  { type: "sawtooth", attack: 0.03, decay: 0.15, sustain: 0.75, release: 0.09, brightness: 5 },
  { type: "square", attack: 0.03, decay: 0.1, sustain: 0.75, release: 0.08, brightness: 4 },
  { type: "sine", attack: 0.04, decay: 0.1, sustain: 0.85, release: 0.1, brightness: 6 },
  { type: "square", attack: 0.008, decay: 0.1, sustain: 0.7, release: 0.08, brightness: 6 },
  { type: "triangle", attack: 0.2, decay: 0.3, sustain: 0.8, release: 0.6, brightness: 4 },
  { type: "sawtooth", attack: 0.1, decay: 0.4, sustain: 0.5, release: 0.5, brightness: 4 },
  { type: "sawtooth", attack: 0.003, decay: 0.6, sustain: 0.05, release: 0.15, brightness: 6 },
  { type: "sine", attack: 0.002, decay: 0.4, sustain: 0, release: 0.2, brightness: 8 },
  { type: "triangle", attack: 0.02, decay: 0.3, sustain: 0.3, release: 0.2, brightness: 4 },
];

const MOST_SOUNDING = 96;

/** Plain tones and noise, for who has no SoundFont: pitch, rhythm and rough colour are right, no more. */
export function tones(context: AudioContext, output: AudioNode): Instrument {
  const mix = new GainNode(context, { gain: 0.22 });
  mix.connect(new DynamicsCompressorNode(context)).connect(output);
  const noise = noiseOf(context);
  const sounding = new Map<number, { stop: (at: number) => void }>();
  const channels = new Map<number, { program: number; volume: number; drums: boolean }>();
  const channelOf = (channel: number) => {
    const state = channels.get(channel) ?? { program: 0, volume: 100, drums: (channel & 15) === 9 };
    channels.set(channel, state);
    return state;
  };

  const note = (pitch: number, sound: Sound, loudness: number, at: number) => {
    const frequency = 440 * 2 ** ((pitch - 69) / 12);
    const source = new OscillatorNode(context, { type: sound.type, frequency });
    const filter = new BiquadFilterNode(context, {
      type: "lowpass",
      frequency: Math.min(frequency * sound.brightness, 12_000),
    });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loudness, at + sound.attack);
    gain.gain.setTargetAtTime(loudness * sound.sustain, at + sound.attack, sound.decay / 3);
    source.connect(filter).connect(gain).connect(mix);
    source.start(at);
    return {
      stop(end: number) {
        gain.gain.cancelScheduledValues(end);
        gain.gain.setTargetAtTime(0, end, sound.release / 3);
        source.stop(end + sound.release * 2);
      },
    };
  };
  const drum = (pitch: number, loudness: number, at: number) => {
    const gain = new GainNode(context, { gain: 0 });
    const low =
      pitch <= 36 || (pitch >= 41 && pitch <= 50 && pitch !== 42 && pitch !== 44 && pitch !== 46 && pitch !== 49);
    const length =
      pitch === 49 || pitch === 57 || pitch === 46 ? 0.6 : low ? 0.25 : pitch === 42 || pitch === 44 ? 0.06 : 0.16;
    gain.gain.setValueAtTime(loudness * (low ? 1.6 : 0.7), at);
    gain.gain.exponentialRampToValueAtTime(0.001, at + length);
    gain.connect(mix);
    const source = low
      ? new OscillatorNode(context, { frequency: 150 })
      : new AudioBufferSourceNode(context, { buffer: noise });
    if (source instanceof OscillatorNode) {
      const floor = pitch <= 36 ? 45 : 60 + (pitch - 40) * 8;
      source.frequency.setValueAtTime(floor * 3, at);
      source.frequency.exponentialRampToValueAtTime(floor, at + 0.08);
      source.connect(gain);
    } else {
      const cut = pitch === 38 || pitch === 40 ? 1_200 : 6_000;
      source.connect(new BiquadFilterNode(context, { type: "highpass", frequency: cut })).connect(gain);
    }
    source.start(at);
    source.stop(at + length);
  };
  const end = (key: number, at: number) => {
    sounding.get(key)?.stop(at);
    sounding.delete(key);
  };
  const silence = () => {
    for (const key of [...sounding.keys()]) end(key, context.currentTime);
  };
  return {
    name: "plain tones",
    noteOn(channel, pitch, velocity, at) {
      const { program, volume, drums } = channelOf(channel);
      const loudness = (velocity / 127) ** 1.5 * (volume / 127);
      if (drums) return drum(pitch, loudness, at);
      const key = channel * 128 + pitch;
      end(key, at);
      if (sounding.size >= MOST_SOUNDING) end(sounding.keys().next().value!, at);
      sounding.set(key, note(pitch, SOUNDS[program >> 3]!, loudness, at));
    },
    noteOff: (channel, pitch, at) => end(channel * 128 + pitch, at),
    control(channel, status, data1, data2) {
      if (status >> 4 === 0xc) channelOf(channel).program = data1;
      if (status >> 4 === 0xb && data1 === 7) channelOf(channel).volume = data2;
    },
    drums: (channel, on) => (channelOf(channel).drums = on),
    reset() {
      silence();
      channels.clear();
    },
    silence,
  };
}

function noiseOf(context: AudioContext): AudioBuffer {
  const buffer = new AudioBuffer({ length: context.sampleRate, sampleRate: context.sampleRate });
  const samples = buffer.getChannelData(0);
  for (let i = 0; i < samples.length; i++) samples[i] = Math.random() * 2 - 1;
  return buffer;
}
