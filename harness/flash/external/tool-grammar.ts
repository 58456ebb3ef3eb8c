/** What a line of a tool's output says. */
export type ToolLine =
  | { readonly kind: 'file'; readonly id: string }
  | { readonly kind: 'percent'; readonly percent: number }
  | { readonly kind: 'success' }
  | { readonly kind: 'failure'; readonly text: string };

/** How to read a tool. Each pattern is tried on a line without its time stamp; the first group is what matters. */
export interface ToolGrammar {
  readonly file?: RegExp;
  readonly percent?: RegExp;
  readonly failure?: RegExp;
  /** A run without this line did not succeed, whatever the exit code says. */
  readonly success: RegExp;
  /** Between the file that the first matches and the next line that the second matches, the tool is never killed. */
  readonly doNotKill?: { readonly from: RegExp; readonly until: RegExp };
}

const TIME_STAMP = /^\[\d+:\d+\]\s?/u;

/** The vendor's tool for Linux, 1.0.x. Its usage text also ends with exit code 0, hence the closing line. */
export const QDLOADER_GRAMMAR: ToolGrammar = {
  file: /^(?:Flash|Erase)\s+(\w+)/u,
  failure: /^(failed: .*|Upgrade module fail.*|not quectel modem find!.*|\t?< BSL_REP_(?!VER\b).*)/u,
  success: /^Upgrade module successfully/u,
  doNotKill: { from: /^Flash\s+BOOTLOADER/u, until: /BSL_CMD_END_DATA|^failed:|^Upgrade module/u },
};

/** Any command whose output nobody described: percentages are shown, the closing line is the user's to name. */
export function templateGrammar(success: RegExp): ToolGrammar {
  return { success, percent: /\b(\d{1,3}(?:\.\d+)?)\s?%/u };
}

export function withoutTimeStamp(line: string): string {
  return line.replace(TIME_STAMP, '');
}

/** Undefined for a line that says nothing to us. */
export function readToolLine(line: string, grammar: ToolGrammar): ToolLine | undefined {
  if (grammar.success.test(line)) return { kind: 'success' };
  const failure = grammar.failure?.exec(line)?.[1];
  if (failure !== undefined) return { kind: 'failure', text: failure.trim() };
  const id = grammar.file?.exec(line)?.[1];
  if (id !== undefined) return { kind: 'file', id };
  const percent = grammar.percent?.exec(line)?.[1];
  return percent === undefined ? undefined : { kind: 'percent', percent: Math.min(100, Number(percent)) };
}
