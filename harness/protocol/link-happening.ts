/** What the link did, beside the events of the module: the host's own observations, for the timeline. */
export type LinkHappening =
  /** Bytes that are no message. `hex` holds the first `NOISE_HEAD_BYTES`. `half-line`: a line began and did not end for 2 s. */
  | { readonly k: 'noise'; readonly hex: string; readonly length: number; readonly why: LinkNoise }
  /** The port is open again and a session runs; `resumed` false: a new one, and events may be missing. */
  | { readonly k: 'reopen'; readonly port: string; readonly link: number; readonly resumed: boolean }
  /** The module started again. */
  | { readonly k: 'boot'; readonly id: string; readonly cause: string; readonly announced: boolean }
  /** Events that the module had to drop, by kind. */
  | { readonly k: 'overflow'; readonly counts: Readonly<Record<string, number>> }
  /** Module time minus host time, ms, uncertain by ±ε; drift against the first measurement, 0 until two are far enough apart. */
  | { readonly k: 'clock'; readonly offsetMs: number; readonly epsilonMs: number; readonly driftPpm: number }
  /** The link, not the module's MQTT, is in the way. */
  | { readonly k: 'trouble'; readonly what: string };

export type LinkNoise = 'no-checksum' | 'bad-checksum' | 'not-json' | 'too-long' | 'half-line' | 'ghost';

export const NOISE_HEAD_BYTES = 64;
