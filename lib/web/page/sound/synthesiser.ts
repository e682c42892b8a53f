import { WorkletSynthesizer } from "spessasynth_lib";
import { askBytes } from "../base/api.ts";
import type { Instrument } from "./instrument.ts";

/** General MIDI by a SoundFont, in a thread of the browser's own for sound. */
export async function synthesiser(context: AudioContext, output: AudioNode, name: string): Promise<Instrument> {
  const [bank] = await Promise.all([askBytes("/soundfont"), context.audioWorklet.addModule("/synthesiser.js")]);
  const synth = new WorkletSynthesizer(context, { eventsEnabled: false });
  synth.connect(output);
  await synth.isReady;
  await synth.soundBankManager.addSoundBank(bank, "main");
  return {
    name,
    noteOn: (channel, pitch, velocity, at) =>
      synth.sendMessage([0x90 | (channel & 15), pitch, velocity], channel & ~15, { time: at }),
    noteOff: (channel, pitch, at) => synth.sendMessage([0x80 | (channel & 15), pitch, 0], channel & ~15, { time: at }),
    control: (channel, status, data1, data2, at) => {
      const length = status >> 4 === 0xc || status >> 4 === 0xd ? 2 : 3;
      synth.sendMessage([(status & 0xf0) | (channel & 15), data1, data2].slice(0, length), channel & ~15, { time: at });
    },
    drums(channel, on) {
      // Roland GS, "use for rhythm part": the blocks of channels 1 to 16 are 1 to 9, 0, A to F.
      const block = (channel & 15) === 9 ? 0 : (channel & 15) < 9 ? (channel & 15) + 1 : channel & 15;
      const body = [0x40, 0x10 | block, 0x15, on ? 1 : 0];
      const sum = (128 - (body.reduce((total, byte) => total + byte, 0) % 128)) % 128;
      synth.systemExclusive([0x41, 0x10, 0x42, 0x12, ...body, sum, 0xf7], channel & ~15);
    },
    reset(channels) {
      synth.stopAll(true);
      synth.reset();
      while (synth.channelCount < channels) synth.addNewChannel();
    },
    silence: () => synth.stopAll(true),
  };
}
