"""What a script of one's own would do with a folder of MIDI files: mido, numpy, psycopg and a process a core.

    python3 peer.py SOURCE URL        import and analyse into a table of its own: path, hash, tempo, key, notes, programs
    python3 peer.py SOURCE --music21 N    the key of N files by music21, in a process a core

Prints {"files": ..., "failed": ..., "seconds": ...}; seconds of the work, imports left out.
"""

import hashlib
import json
import sys
import time
from multiprocessing import Pool
from pathlib import Path

BATCH = 500
SUFFIXES = {".mid", ".midi", ".kar", ".rmi"}
COLUMNS = "path, sha256, bpm, key, key_correlation, notes, seconds, programs, error"

# Krumhansl & Kessler 1982
MAJOR = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]
MINOR = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]
NAMES = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]


def key_of(weights):
    """The key whose profile correlates best with the weights of the twelve pitch classes."""
    import numpy as np

    if not weights.any():
        return None, None
    best = (-2.0, "")
    for mode, profile in (("major", MAJOR), ("minor", MINOR)):
        for tonic in range(12):
            correlation = np.corrcoef(weights, np.roll(profile, tonic))[0, 1]
            best = max(best, (float(correlation), f"{NAMES[tonic]} {mode}"))
    return best[1], best[0]


def analyse(path):
    """A row of the table for one file."""
    import mido
    import numpy as np

    data = Path(path).read_bytes()
    sha256 = hashlib.sha256(data).digest()
    try:
        midi = mido.MidiFile(path)
        weights, notes, programs, tempo = np.zeros(12), 0, set(), None
        for track in midi.tracks:
            tick, sounding = 0, {}
            for message in track:
                tick += message.time
                if message.type == "note_on" and message.velocity > 0:
                    sounding.setdefault((message.channel, message.note), []).append(tick)
                elif message.type in ("note_on", "note_off"):
                    starts = sounding.get((message.channel, message.note))
                    if starts:
                        notes += 1
                        if message.channel != 9:
                            weights[message.note % 12] += tick - starts.pop(0)
                        else:
                            starts.pop(0)
                elif message.type == "program_change":
                    programs.add(message.program)
                elif message.type == "set_tempo" and tempo is None:
                    tempo = message.tempo
        key, correlation = key_of(weights)
        bpm = mido.tempo2bpm(tempo or 500_000)
        return path, sha256, bpm, key, correlation, notes, midi.length, sorted(programs), None
    except Exception as error:  # any file may be broken in any way
        return path, sha256, None, None, None, None, None, None, f"{type(error).__name__}: {error}"[:200]


def music21_key(path):
    import warnings

    import music21

    warnings.simplefilter("ignore")
    try:
        return str(music21.converter.parse(path, format="midi").analyze("key"))
    except Exception:
        return None


def files_in(source):
    return sorted(str(path) for path in Path(source).rglob("*") if path.suffix.lower() in SUFFIXES)


def import_all(source, url):
    import psycopg

    started = time.perf_counter()
    files, failed = files_in(source), 0
    with psycopg.connect(url) as connection, Pool() as processes:
        connection.execute(
            """create table peer_files (path text primary key, sha256 bytea, bpm float8, key text,
               key_correlation float8, notes int, seconds float8, programs int[], error text)"""
        )
        insert = f"insert into peer_files ({COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
        rows = []
        for row in processes.imap_unordered(analyse, files, chunksize=16):
            failed += row[-1] is not None
            rows.append(row)
            if len(rows) == BATCH:
                connection.cursor().executemany(insert, rows)
                connection.commit()
                rows = []
        connection.cursor().executemany(insert, rows)
    return {"files": len(files), "failed": failed, "seconds": time.perf_counter() - started}


def music21_sample(source, count):
    files = files_in(source)
    files = files[:: max(1, len(files) // count)][:count]
    with Pool() as processes:
        processes.map(music21_key, files[:1] * 2, chunksize=1)  # its import takes seconds
        started = time.perf_counter()
        keys = processes.map(music21_key, files, chunksize=1)
    return {"files": len(files), "failed": keys.count(None), "seconds": time.perf_counter() - started}


if __name__ == "__main__":
    source, target = sys.argv[1:3]
    print(json.dumps(music21_sample(source, int(sys.argv[3])) if target == "--music21" else import_all(source, target)))
