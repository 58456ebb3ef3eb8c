import { LANES, type Lane } from './mark.ts';

/** Sizes in CSS pixels. */
export const ROW_HEIGHT = 36;
const CHARACTER = 6.7;
const BOLD_CHARACTER = 7.6;
const NARROW = 560;

export interface Layout {
  readonly width: number;
  /** Room for the time, left of the lanes. */
  readonly timeWidth: number;
  readonly laneX: Readonly<Record<Lane, number>>;
  readonly isNarrow: boolean;
}

export function layoutOf(width: number): Layout {
  const isNarrow = width < NARROW;
  const timeWidth = isNarrow ? 62 : 88;
  const margin = isNarrow ? 22 : 56;
  const room = width - timeWidth - 2 * margin;
  const at = (index: number) => timeWidth + margin + (room * index) / (LANES.length - 1);
  return {
    width,
    timeWidth,
    laneX: { application: at(0), library: at(1), wire: at(2), broker: at(3) },
    isNarrow,
  };
}

/** As much of a text as fits. */
export function fit(text: string, width: number, isBold: boolean): string {
  const characters = Math.max(4, Math.floor(width / (isBold ? BOLD_CHARACTER : CHARACTER)));
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}
