import type { Place } from "./place.ts";

/** What fills the page between its head and the player. */
export interface View {
  readonly element: HTMLElement;
  readonly title: string;
  /** Follows an address of the same view. */
  follow(place: Place): void;
  /** Whether it took the key. */
  key(event: KeyboardEvent): boolean;
  /** Stops what goes on. */
  leave(): void;
}
