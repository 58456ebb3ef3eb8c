/** Readers of AT answers: each takes the lines before OK and finds its own among URCs; undefined if it is not there. */

const REGISTRATION = ['none', 'home', 'searching', 'denied', 'unknown', 'roaming'] as const;
export type Registration = (typeof REGISTRATION)[number];

export interface Signal {
  /** dBm; undefined if the module does not know. */
  readonly rssiDbm: number | undefined;
}

type Lines = readonly string[];

/** Maker, model and `Revision: …`, each on a line of its own; URCs may stand between them. */
export function readAti(lines: Lines): { readonly model: string; readonly revision: string } | undefined {
  const at = lines.findIndex((line) => line.startsWith('Revision:'));
  const revision = firstMatch(lines, /^Revision:\s*(\S+)/u);
  const model = lines.slice(0, Math.max(at, 0)).findLast((line) => /^E[CG]\d{3}[A-Z]$/u.test(line));
  return revision === undefined || model === undefined ? undefined : { model, revision };
}

/** In an answer the state comes second; in a URC, first, and what follows is quoted. */
export function readRegistration(lines: Lines): Registration | undefined {
  const state = firstMatch(lines, /\+C(?:E|G)?REG:\s*[0-5]\s*,\s*(\d)(?:\s*,|$)/u);
  return state === undefined ? undefined : REGISTRATION[Number(state)];
}

/** `READY`, `SIM PIN`, `SIM PUK` … */
export function readSimState(lines: Lines): string | undefined {
  return firstMatch(lines, /\+CPIN:\s*(.+)$/u);
}

/** [3GPP TS 27.007 §8.5]: 0 to 31 in steps of 2 dB from -113 dBm, 99 unknown. */
export function readSignal(lines: Lines): Signal | undefined {
  const level = firstMatch(lines, /\+CSQ:\s*(\d+)\s*,\s*\d+/u);
  if (level === undefined) return undefined;
  return { rssiDbm: Number(level) <= 31 ? -113 + 2 * Number(level) : undefined };
}

/** The address of a data call; 0.0.0.0, shown for a moment while it comes up, is none. */
export function readAddress(lines: Lines): string | undefined {
  const found = lines.flatMap((line) => /\+CGPADDR:\s*\d+\s*,\s*"?([0-9a-fA-F.:]+)"?/u.exec(line)?.[1] ?? []);
  return found.find((address) => address !== '0.0.0.0');
}

/** Unix time in ms. The fields are local time; the offset comes in quarters of an hour. */
export function readClock(lines: Lines): number | undefined {
  const text = lines.find((line) => line.includes('+CCLK:')) ?? '';
  const fields = /"(\d\d)\/(\d\d)\/(\d\d),(\d\d):(\d\d):(\d\d)([+-]\d{1,2})?"/u.exec(text);
  if (fields === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, quarters = 0] = fields
    .slice(1)
    .map((field) => Number(field ?? 0));
  return Date.UTC(2000 + year, month - 1, day, hour, minute, second) - quarters * 900_000;
}

function firstMatch(lines: Lines, pattern: RegExp): string | undefined {
  return lines.map((line) => pattern.exec(line)?.[1]?.trim()).find((found) => found !== undefined);
}
