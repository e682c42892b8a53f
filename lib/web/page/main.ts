import { ask } from "./base/api.ts";
import { onPlace, type Place, place } from "./base/place.ts";
import type { View } from "./base/view.ts";
import { libraryView } from "./library/library-view.ts";
import { overviewView } from "./overview/overview-view.ts";
import { pieceView } from "./piece/piece-view.ts";
import { createShell } from "./shell/shell.ts";
import { createPlayer } from "./sound/player.ts";

const settings = await ask("settings.json");
const player = createPlayer(settings.soundFont);
const shell = createShell(settings, player);

let shownAs = "";
let view: View | null = null;
/** Kept as it was while another view is looked at, so that going back finds the same rows. */
let library: View | null = null;

function show(now: Place): void {
  const name = now.path.startsWith("/piece/") ? now.path : now.path === "/overview" ? "/overview" : "/library";
  if (view && name === shownAs) {
    view.follow(now);
  } else {
    view?.leave();
    shownAs = name;
    if (name === "/library") {
      library ??= libraryView(settings, player, shell);
      view = library;
    } else if (name === "/overview") view = overviewView();
    else view = pieceView(Number(name.slice("/piece/".length)), player);
    shell.show(view, name);
    view.follow(now);
  }
}

window.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if ((event.target as Element).closest("input, select, textarea, dialog")) return;
  if (shell.key(event) || view?.key(event) || player.key(event)) event.preventDefault();
});

onPlace(show);
show(place());
