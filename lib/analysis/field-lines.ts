/** path | type, "?" where it can be null | unit | meaning. Read by fields.ts. */
export const FIELD_LINES = `
analyzerVersion | integer | | version of the analyser; results of a lower one are stale
format | integer | | SMF format: 0, 1 or 2; the independent sequences of format 2 are taken one after the other
ticksPerQuarter | integer? | ticks | the header's division; null for SMPTE time
trackCount | integer | | MTrk chunks
voiceCount | integer | | (track, channel) pairs that hold notes
status | text | | "ok" or "repaired"
repairs | list | | what the reader had to repair, each kind once
repairs[].code | text | | stable name, such as "missing-end-of-track"
repairs[].count | integer | | how often it occurred
durationSeconds | number | s | by the tempo map, from the start to the latest End of Track, or to the end of the last note where End of Track stands more than two bars behind it
duration | object | | how long the piece is, by both ends in use
duration.endTicks | integer | ticks | to the latest End of Track
duration.endSeconds | number | s | to the latest End of Track
duration.endBars | number? | bars | to the latest End of Track; null without a meter or beats that keep to the grid
duration.lastNoteEndTicks | integer | ticks | to the end of the last note
duration.lastNoteEndSeconds | number | s | to the end of the last note
duration.lastNoteEndBars | number? | bars | to the end of the last note
duration.firstNoteSeconds | number? | s | where the first note starts
duration.pickupQuarters | number? | quarters | sounding before the first bar line, 0 when the piece starts on one
performed | object | | played by hand, or written
performed.performed | boolean? | | true: played; false: written or quantised; null: open
performed.confidence | number | 0.5 to 1 | that the label is right
performed.simultaneity | number? | 0 to 1 | share of the notes struck together that start on exactly one tick
performed.gridConcentration | number | 0 to 1 | hold of the onsets on the file's grid, beyond chance
performed.gapConcentration | number | 0 to 1 | share of the gaps between onsets held by the eight commonest
performed.gapPurity | number? | 0 to 1 | how far each gap stands alone among those of about its length; null when too few can tell
tempo | object | | how fast
tempo.bpm | number? | bpm | main tempo: of the metas when the notes keep to their grid, else of tracked beats
tempo.source | text? | | "meta" or "estimated"
tempo.confidence | number | 0 to 1 | that the tempo is within 4 % of what a listener says
tempo.metaBpm | number? | bpm | tempo of the metas that holds longest, those within 4 % of it counted with it; 120 without any; null for SMPTE time
tempo.estimatedBpm | number? | bpm | median of the tracked beats; null when none were tracked
tempo.alternatives | list? | | other tempi a performance may be heard in, the likeliest first; null for a tempo of the metas
tempo.alternatives[].bpm | number | bpm | the tempo
tempo.alternatives[].weight | number | 0 to 1 | the chance that it is the right one
tempo.stated | boolean | | whether the file has any tempo event
tempo.minBpm | number? | bpm | slowest tempo of the metas while music sounds
tempo.maxBpm | number? | bpm | fastest tempo of the metas while music sounds
tempo.changeCount | integer | | changes of tempo by more than 0.1 % while music sounds
tempo.map | list | | tempo map, equal neighbours merged
tempo.map[].tick | integer | ticks | where the tempo begins
tempo.map[].seconds | number | s | where the tempo begins
tempo.map[].bpm | number | bpm | the tempo
tempo.mapTruncated | boolean | | whether the map has more entries than are listed
beats | object? | | where the beats fall; null without notes or pulse
beats.source | text | | "grid" of the file, or "tracked" from the onsets
beats.count | integer | | beats from the first note to the last
beats.confidence | number | 0 to 1 | of a performance the share of beats to be where a listener taps; of a grid how well the notes keep to it
beats.firstSeconds | number | s | the first beat
beats.downbeatCount | integer | | bars begun; 0 when the meter is unknown or the bars of a performance are not sure
beats.seconds | list? | s | the tracked beats; null for a grid
beats.seconds[] | number | s | a beat
beats.downbeats | list? | s | those of the tracked beats that begin a bar; null for a grid, and when barConfidence is below 0.35
beats.downbeats[] | number | s | a bar line
beats.barConfidence | number | 0 to 1 | of a performance the share of bar lines to be right; else as meter.confidence
beats.trackedShare | number? | 0 to 1 | share of the time in which the beats of a performance were followed; null for a grid
beats.filled | list? | | where they were not followed but drawn evenly; null for a grid
beats.filled[].startSeconds | number | s | the last beat before
beats.filled[].endSeconds | number | s | the first beat after
meter | object? | | the time signature that holds longest
meter.numerator | integer | | beats written above
meter.denominator | integer | | note value written below
meter.source | text | | "meta", or "estimated" from accents and repetition
meter.confidence | number | 0 to 1 | that both numbers are right
meter.firstDownbeatTick | integer | ticks | the first bar line
meter.firstDownbeatSeconds | number | s | the first bar line
meter.meta | object? | | main time signature of the metas, believed or not
meter.meta.numerator | integer | |
meter.meta.denominator | integer | |
meter.estimated | object? | | what the notes say, believed or not
meter.estimated.numerator | integer | |
meter.estimated.denominator | integer | |
meter.estimated.confidence | number | 0 to 1 |
meter.changes | list | | the time signatures in order, stated or heard; empty when none is stated and no change heard
meter.changes[].tick | integer | ticks |
meter.changes[].seconds | number | s |
meter.changes[].numerator | integer | |
meter.changes[].denominator | integer | |
rhythm | object? | | what the onsets do between the beats; null with fewer than 8 onsets
rhythm.grid | text? | | "straight", "triplet", "mixed" or "free"
rhythm.swingRatio | number? | ratio | first against second eighth: 1 even, 2 triplet swing
rhythm.quantized | boolean | | whether the onsets keep to the grid within milliseconds
rhythm.deviationMilliseconds | number | ms | median distance of onsets from the grid
rhythm.syncopation | number? | per bar | Longuet-Higgins and Lee 1984, 0 for none
rhythm.noteValues | map | notes | notes by nearest note value, only values that occur
key | object? | | key of the whole piece; null for drums alone and atonal music
key.tonic | text | | spelled, "Eb"
key.mode | text | | "major" or "minor"
key.confidence | number | 0 to 1 | that tonic and mode are right
key.runnerUp | object | | the second best answer
key.runnerUp.tonic | text | |
key.runnerUp.mode | text | |
key.runnerUp.confidence | number | 0 to 1 |
key.signatureAgrees | boolean? | | whether the main key signature has this key's accidentals; null when none was set
key.changes | list | | stretches of one key, the first included
key.changes[].startTick | integer | ticks |
key.changes[].startSeconds | number | s |
key.changes[].tonic | text | |
key.changes[].mode | text | |
keySignatures | list | | key signature metas as the file states them
keySignatures[].tick | integer | ticks |
keySignatures[].seconds | number | s |
keySignatures[].fifths | integer | -7 to 7 | sharps, or minus flats
keySignatures[].tonic | text | |
keySignatures[].mode | text | |
chords | list? | | chords in order without gaps; null when none sounds
chords[].startTick | integer | ticks |
chords[].endTick | integer | ticks |
chords[].startSeconds | number | s |
chords[].endSeconds | number | s |
chords[].label | text | | Harte's notation, "C:min7/b3"; "N" where none sounds
chords[].roman | text? | | Roman numeral in the key that holds there
chords[].confidence | number? | 0 to 1 | chance that root and third are right; null for "N" and a lone note
progression | object? | | the chords in sum
progression.chordsPerMinute | number | per minute | of the time in which chords sound
progression.chordsPerBar | number? | per bar | null without bar lines
progression.vocabulary | list | | the chords used, most time first
progression.vocabulary[].label | text | |
progression.vocabulary[].share | number | 0 to 1 | of the time in which chords sound
notes | object | | the notes counted
notes.count | integer | notes | of all tracks, drums included
notes.pitched | integer | notes | of pitched voices
notes.drums | integer | notes | of drum channels
notes.unended | integer | notes | that the file never ended
notes.orphanEnds | integer | | note ends for which no note sounded
notes.uniquePitches | integer | | distinct pitches without drums
notes.lowestPitch | integer? | MIDI note | without drums
notes.highestPitch | integer? | MIDI note | without drums
notes.rangeSemitones | integer? | semitones | highest less lowest pitch
notes.velocityMean | number? | 1 to 127 | drums included
notes.velocityDeviation | number? | 0 to 63 | standard deviation
notes.lowestVelocity | integer? | 1 to 127 |
notes.highestVelocity | integer? | 1 to 127 |
notes.pitchClasses | list | notes | twelve counts, C first, without drums
notes.pitchClasses[] | integer | notes |
notes.pitchClassEntropyBits | number? | bits | 0 one pitch class, 3.585 all twelve alike
texture | object | | how thickly it sounds, over all tracks
texture.kind | text? | | "monophonic" (at most 5 % of the time in two voices), "polyphonic" or "percussive"
texture.maximumPolyphony | integer | notes | most pitched notes at once
texture.meanPolyphony | number? | notes | pitched notes at once, mean over the time in which any sounds
texture.polyphonicShare | number? | 0 to 1 | of the pitched time, with two notes or more
texture.maximumDrumPolyphony | integer | notes | most drum notes struck at one tick
texture.soundingSeconds | number | s | in which any note sounds
texture.silenceShare | number? | 0 to 1 | of the time to the last note end, with nothing sounding
texture.notesPerSecond | number? | per second | of sounding time
complexity | object? | | how much the upper line does; null with fewer than 8 onsets of pitched notes
complexity.score | number | 0 to 1 | mean of the three below
complexity.pitchClasses | number | 0 to 1 | entropy of the pitch classes over the highest possible
complexity.intervals | number | 0 to 1 | entropy of the steps from note to note over the highest possible
complexity.durations | number | 0 to 1 | entropy of the times between onsets over the highest possible
tracks | list | | one row per sounding (track, channel)
tracks[].track | integer | | index of the MTrk chunk, from 0
tracks[].channel | integer | 0 to 15 |
tracks[].port | integer | | MIDI port, 0 unless the track names one
tracks[].name | text? | | track name
tracks[].program | integer? | 0 to 127 | that most of its notes sound with; null when none was set
tracks[].bankMsb | integer? | 0 to 127 | bank select of that program
tracks[].bankLsb | integer? | 0 to 127 |
tracks[].instrument | text | | General MIDI name, or name of the drum kit; of program 0, which players sound, when none was set
tracks[].family | text | | General MIDI family, "drums" for kits
tracks[].programs | list | | every sound its notes have, in order
tracks[].programs[].program | integer? | 0 to 127 |
tracks[].programs[].bankMsb | integer? | 0 to 127 |
tracks[].programs[].bankLsb | integer? | 0 to 127 |
tracks[].programs[].instrument | text | |
tracks[].programs[].family | text | |
tracks[].programs[].firstTick | integer | ticks | start of the first note with it
tracks[].programs[].notes | integer | notes |
tracks[].drum | boolean | | drum kit: channel 10, or a GS, XG or GM2 drum part
tracks[].notes | integer | notes |
tracks[].lowestPitch | integer | MIDI note |
tracks[].highestPitch | integer | MIDI note |
tracks[].meanPitch | number | MIDI note |
tracks[].velocityMean | number | 1 to 127 |
tracks[].lowestVelocity | integer | 1 to 127 |
tracks[].highestVelocity | integer | 1 to 127 |
tracks[].firstTick | integer | ticks | start of its first note
tracks[].lastEndTick | integer | ticks | end of its last note
tracks[].soundingSeconds | number | s |
tracks[].polyphonicShare | number | 0 to 1 | of its sounding time, with two of its notes or more
tracks[].role | text | | "melody", "bass", "chords", "drums" or "other"
tracks[].roleConfidence | number | 0 to 1 |
drums | object? | | what the kit plays; null without drum notes
drums.confidence | number | 0 to 1 | that it is a kit: 1 where the file says so, 0.9 where it is heard by its pitches
drums.notes | integer | notes |
drums.pieces | list | | kit pieces used, most played first
drums.pieces[].pitch | integer | MIDI note |
drums.pieces[].name | text | | General MIDI percussion name
drums.pieces[].count | integer | notes |
drums.pattern | object? | | commonest bar of kick and snare; null when none of several bars returns or none makes up a fifth
drums.pattern.kick | text | | a character a sixteenth: "x" struck, "." not
drums.pattern.snare | text | |
drums.pattern.bars | integer | bars | with it
drums.pattern.share | number | 0.2 to 1 | of the bars with drums
drums.fills | integer? | bars | that break the pattern with toms or a snare run, at most two in a row
drums.fillBars | list? | | their numbers from 1, the first 64
drums.fillBars[] | integer | bar |
drums.timeFeel | text? | | snare on 2 and 4 "normal", on 3 "half", on the off-beats "double"; 4/4 only
drums.subdivision | text? | | "straight", "shuffle" or "triplet"
expression | object | | how the notes are shaped
expression.controllers | list | | controllers 0 to 119 per channel
expression.controllers[].port | integer | |
expression.controllers[].channel | integer | 0 to 15 |
expression.controllers[].controller | integer | 0 to 119 |
expression.controllers[].events | integer | |
expression.controllers[].lowest | integer | 0 to 127 |
expression.controllers[].highest | integer | 0 to 127 |
expression.pitchBend | list | | channels that bend
expression.pitchBend[].port | integer | |
expression.pitchBend[].channel | integer | 0 to 15 |
expression.pitchBend[].events | integer | |
expression.pitchBend[].lowest | integer | -8192 to 8191 |
expression.pitchBend[].highest | integer | -8192 to 8191 |
expression.pitchBend[].rangeSemitones | integer | semitones | set by registered parameter 0, else 2
expression.channelPressure | object? | | null when not used
expression.channelPressure.events | integer | |
expression.channelPressure.highest | integer | 0 to 127 |
expression.polyPressure | object? | | null when not used
expression.polyPressure.events | integer | |
expression.polyPressure.highest | integer | 0 to 127 |
expression.sustain | object? | | the sustain pedal; null when never down
expression.sustain.presses | integer | |
expression.sustain.channels | integer | |
expression.sustain.downShare | number | 0 to 1 | of the time, on the channel that uses it most
expression.articulation | object? | | how top lines join; null with fewer than 8 steps
expression.articulation.kind | text | | "legato", "detached" or "staccato"
expression.articulation.legatoShare | number | 0 to 1 | notes that reach the next onset
expression.articulation.staccatoShare | number | 0 to 1 | notes that sound for at most half of the way
structure | object? | | what repeats; null without bars
structure.bars | integer | bars | looked at, the first 256
structure.selfSimilarity | number? | 0 to 1 | likeness of a bar to the most alike other, mean; null with one bar of notes
structure.repetitionShare | number | 0 to 1 | bars that repeat an earlier one, nearly or note for note
structure.sections | list | | empty where the bar lines are too uncertain
structure.sections[].label | text | | alike sections share a letter
structure.sections[].startBar | integer | bar | from 1
structure.sections[].bars | integer | bars |
structure.sections[].startTick | integer | ticks |
structure.sections[].startSeconds | number | s |
structure.form | text? | | the labels in a row, "AABA"; null without sections
structure.loop | object | | is the whole file a loop
structure.loop.isLoop | boolean | | 1 to 32 whole bars that lead back to their start
structure.loop.bars | integer? | bars | null when not a whole number from 1 to 32
structure.loop.confidence | number | 0.5 to 1 | that isLoop is right
structure.loops | list | | longest unbroken repetition of each voice
structure.loops[].track | integer | |
structure.loops[].channel | integer | 0 to 15 |
structure.loops[].startBar | integer | bar | from 1
structure.loops[].bars | integer | bars | of one round
structure.loops[].times | integer | | rounds in a row
text | object | | the words in the file
text.title | text? | | as karaoke headers give it, else name of a track without notes or of the only track
text.artist | text? | | as karaoke headers name it: who sings it, or wrote it
text.copyright | text? | |
text.trackNames | list | |
text.trackNames[] | text | |
text.instrumentNames | list | |
text.instrumentNames[] | text | |
text.comments | list | | text metas that are no lyrics
text.comments[] | text | |
text.markers | list | |
text.markers[].tick | integer | ticks |
text.markers[].seconds | number | s |
text.markers[].text | text | |
text.cues | list | |
text.cues[].tick | integer | ticks |
text.cues[].seconds | number | s |
text.cues[].text | text | |
text.lyrics | object? | |
text.lyrics.source | text | | "lyric" metas, or "karaoke" texts
text.lyrics.text | text | | with line breaks, an empty line between verses and between singers
text.lyrics.syllables | integer | |
text.lyrics.startTick | integer | ticks |
text.lyrics.startSeconds | number | s |
text.lyrics.language | text? | | as a karaoke header names it
text.lyrics.capped | boolean | | cut at 20,000 characters
text.codePage | text? | | in which the texts were read; null for plain ASCII, and where it cannot be told: then U+FFFD stands for each byte above 127
text.capped | boolean | | whether a text or list was cut
identity | object | | the same music in other bytes
identity.notesHash | text? | 16 hex digits | of onsets, lengths and pitches: blind to metas, tempo, tracks, channels, programs, velocities, division
identity.tuneHash | text? | 16 hex digits | of onset order and intervals: blind, besides, to transposition, tempo and rhythm, lengths, drums, doubling
identity.fingerprint | text? | base64 | a sample of the phrases of its lines, for finding it in other hands
melody | text? | base64 | the top notes of its voices with their bars and times, for looking tunes up
names | object? | | what file and folder names say; null without a path
names.bpm | number? | bpm |
names.bpmExplicit | boolean | | whether "bpm", "tempo" or a note sign stands by the number
names.key | object? | |
names.key.tonic | text | | as written, "C#"
names.key.mode | text? | | "major" or "minor"; null for a tonic alone
names.tags | list | |
names.tags[].tag | text | | such as "house" or "kick"
names.tags[].kind | text | | "genre", "instrument", "section", "material" or "mood"
names.bpmAgrees | text? | | with the music: "agrees", "octave" (half or double) or "disagrees"
names.keyAgrees | text? | | with the music: "agrees", "related" (other mode, relative) or "disagrees"
capped | list | | names of results that were cut at a bound
capped[] | text | |
`;
