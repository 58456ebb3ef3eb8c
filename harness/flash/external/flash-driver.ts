import type { ToolGrammar } from './tool-grammar.ts';

/** Who writes: our own session, or a tool of the vendor's that the user has. */
export type FlashDriver = { readonly kind: 'native' } | ExternalDriver;

export interface ExternalDriver {
  readonly kind: 'external';
  readonly name: string;
  /** Program and arguments; `{pac}`, `{port}` and `{usb}` are replaced. Never given to a shell. */
  readonly command: readonly string[];
  readonly grammar: ToolGrammar;
  readonly overallMs: number;
  readonly silenceMs: number;
}
