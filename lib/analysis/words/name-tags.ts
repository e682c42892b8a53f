/** What a word in a file or folder name says about the music. */
export type TagKind = "genre" | "instrument" | "section" | "material" | "mood";

export interface NameTag {
  readonly tag: string;
  readonly kind: TagKind;
}

/** By kind: a tag, then after "|" other ways people write it. */
const WORDS: Readonly<Record<TagKind, string>> = {
  genre: `acid, ambient, ballad, baroque, bebop, blues, bluegrass, bossa nova|bossa, breakbeat|breaks, celtic|irish, chillout|chill out,
    christmas|xmas, classical, country, cumbia, dance, dancehall, deep house|deephouse, disco, dixieland, drill,
    drum and bass|dnb|drum n bass, dub, dubstep, edm, electro, electronica, eurodance, flamenco, folk, funk|funky, future bass, garage,
    gospel, gregorian, grime, grunge, hardcore, hardstyle, hip hop|hiphop|boom bap, house, indie, industrial, jazz, jungle, klezmer, latin,
    lo fi|lofi, lounge, metal|heavy metal|thrash, merengue, new age|newage, opera, phonk, polka, pop, progressive house, psytrance|psy,
    punk, r and b|rnb|rhythm and blues, ragtime|rag, rap, reggae, reggaeton, renaissance, rock, rock and roll|rock n roll, romantic,
    salsa, samba, schlager, ska, soul, soundtrack|ost, surf, swing, synthpop|synth pop, synthwave, tango, tech house|techhouse, techno,
    trance, trap, trip hop|triphop, tropical house, vaporwave, waltz`,
  instrument: `accordion, arp|arpeggio, banjo, bass|bassline|sub bass|subbass, bassoon, bell|bells|tubular bells, bongos|bongo, brass, celesta,
    cello, choir, clap|claps, clarinet, clavinet|clav|clavi, congas|conga, cymbal|cymbals, drums|drum|drumkit|drum kit|drumloop|drumloops|drumbeat|drumfill|drumfills|808, electric piano|rhodes|epiano,
    flute, guitar|guitars|acoustic guitar|electric guitar, harmonica, harp, harpsichord|cembalo, hat|hats|hihat|hihats|hi hat|hi hats|hh, horn|horns,
    keys|keyboard|keyboards, kick|kicks|bass drum|bassdrum, lead|leads|synth lead, mandolin, marimba, oboe, orchestra|orchestral, organ,
    pad|pads, percussion|perc, piano|pianos, pluck|plucks, recorder, ride, sax|saxophone, shaker, sitar, snare|snares, strings|string,
    synth|synths|synthesizer, tambourine, timpani, tom|toms, trombone, trumpet, tuba, ukulele, vibraphone|vibes, viola, violin|violins,
    vocal|vocals|vox|voice, whistle, woodwind|woodwinds, xylophone`,
  section: `break|breakdown, bridge, build|buildup|build up, chorus|refrain, coda, drop, ending, hook, interlude, intro, outro,
    pre chorus|prechorus, solo, turnaround, variation, verse`,
  material: `bassline, beat|beats|drumbeat, chords|chord|chord progression|progression, fill|fills|drumfill|drumfills, groove|grooves, karaoke, loop|loops|drumloop|drumloops, medley,
    melody|melodies|topline, one shot|oneshot, remix|rmx, riff|riffs, template`,
  mood: `aggressive, angry, bright, calm, cinematic, dark, dreamy, emotional, energetic, epic, ethereal, euphoric, happy, hypnotic,
    melancholic|melancholy, mellow, moody, mysterious, peaceful, relaxed|relaxing|chill, sad, scary|spooky|horror, soft, tense, uplifting, upbeat, warm`,
};

/** Most words a tag has. */
export const LONGEST_TAG = 3;

/** Lower-case words, joined by one space, to the tags they mean; a word may be of two kinds. */
export const NAME_TAGS: ReadonlyMap<string, readonly NameTag[]> = table();

function table(): Map<string, NameTag[]> {
  const map = new Map<string, NameTag[]>();
  for (const [kind, words] of Object.entries(WORDS) as [TagKind, string][])
    for (const entry of words.split(",")) {
      const [tag, ...aliases] = entry.trim().split("|");
      for (const word of [tag!, ...aliases]) map.set(word, [...(map.get(word) ?? []), { tag: tag!, kind }]);
    }
  return map;
}
