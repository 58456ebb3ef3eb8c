import type { BslCommandName } from '../bsl/bsl-code.ts';
import type { PdlCommandName } from '../pdl/pdl-packet.ts';

export type LoaderStage = 'fdl1' | 'fdl2';

/** What a simulated device can be told to do wrong. */
export type SimFault =
  | { readonly kind: 'rom-silent' }
  /** The first CONNECTs get no answer. */
  | { readonly kind: 'rom-busy'; readonly connects: number }
  | PdlFault
  | { readonly kind: 'version-missing' }
  | { readonly kind: 'version-late'; readonly delayMs: number }
  | { readonly kind: 'version-wrong'; readonly text: string }
  | { readonly kind: 'version-twice' }
  | ReplyFault
  /** Nothing more is answered after this many bytes from the host. */
  | { readonly kind: 'silent-at'; readonly bytes: number }
  /** The device leaves the bus after this many bytes from the host. */
  | { readonly kind: 'vanish-at'; readonly bytes: number }
  /** The nth byte that is programmed loses a bit, so that comparing fails; `times` files are hit. */
  | { readonly kind: 'bit-flip'; readonly times: number }
  /** Reading back gives another byte at this distance from the start of what is read. */
  | { readonly kind: 'read-differs'; readonly at: number };

interface PdlFault {
  readonly kind: 'pdl-error';
  readonly command: PdlCommandName;
  readonly response: number;
  readonly delayMs?: number;
}

interface ReplyFault {
  readonly kind: 'reply';
  readonly stage: LoaderStage;
  readonly command: BslCommandName;
  /** Which answer to that command in that stage, from 1. */
  readonly nth: number;
  readonly how:
    | { readonly act: 'lose' | 'corrupt' }
    | { readonly act: 'delay'; readonly delayMs: number }
    /** Instead of the right answer. */
    | { readonly act: 'error'; readonly type: number }
    /** As FDL2 does for a PREPACK file: the error, a pause, then the ACK as well. */
    | { readonly act: 'error-then-ack'; readonly type: number }
    | { readonly act: 'log-first'; readonly text: string };
}

export type ReplyAct = ReplyFault['how'];

/** Which faults are armed and how often each place was passed. */
export class SimFaults {
  readonly #armed: readonly SimFault[];
  readonly #passed = new Map<string, number>();
  #flips: number;

  constructor(armed: readonly SimFault[]) {
    this.#armed = armed;
    this.#flips = this.find('bit-flip')?.times ?? 0;
  }

  find<K extends SimFault['kind']>(kind: K): Extract<SimFault, { kind: K }> | undefined {
    return this.#armed.find((fault): fault is Extract<SimFault, { kind: K }> => fault.kind === kind);
  }

  pdlError(command: PdlCommandName): PdlFault | undefined {
    for (const fault of this.#armed) if (fault.kind === 'pdl-error' && fault.command === command) return fault;
    return undefined;
  }

  /** Counts this answer and tells what to do with it. */
  replyAct(stage: LoaderStage, command: string): ReplyAct | undefined {
    const place = `${stage} ${command}`;
    const nth = (this.#passed.get(place) ?? 0) + 1;
    this.#passed.set(place, nth);
    for (const fault of this.#armed)
      if (fault.kind === 'reply' && fault.stage === stage && fault.command === command && fault.nth === nth)
        return fault.how;
    return undefined;
  }

  /** True once for each file that the fault is to hit. */
  takesBit(): boolean {
    if (this.#flips === 0) return false;
    this.#flips--;
    return true;
  }
}
