export type Tone = 'good' | 'bad' | 'doubtful' | 'faint' | 'strong';

const CODES: Readonly<Record<Tone, readonly [number, number]>> = {
  good: [32, 39],
  bad: [31, 39],
  doubtful: [33, 39],
  faint: [2, 22],
  strong: [1, 22],
};

export type Paint = (tone: Tone, text: string) => string;

/** Colours for a terminal; plain text elsewhere, and where `NO_COLOR` is set to anything (https://no-color.org). */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Paint {
  const isPlain = Boolean(env['NO_COLOR']) || stream.isTTY !== true || env['TERM'] === 'dumb';
  if (isPlain) return (_, text) => text;
  return (tone, text) => `\u001B[${CODES[tone][0]}m${text}\u001B[${CODES[tone][1]}m`;
}
