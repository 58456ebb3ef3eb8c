import { BrokerError } from '../broker-error.ts';
import { errorMessage } from '../error-code.ts';
import type { PacketType } from '../events.ts';
import { encode } from '../frame/encode.ts';
import { describeMatcher, type FrameMatcher, type FrameRef, matchesFrame } from '../frame-matcher.ts';
import { Waits } from '../waits.ts';
import { FrameSource } from './frame-source.ts';
import type { EndHow, Peer, PeerLink, PeerSession } from './peer.ts';

/** What a script does with one connection, from its first byte on. It fails by throwing. */
export type Script = (line: ScriptedLine) => Promise<void>;

/** How long a script waits for a frame when it does not say. */
const DEFAULT_BUDGET_MS = 10_000;

/** What came on the line, in order. */
type Arrival = { readonly frame: FrameRef } | { readonly end: 'FIN' | 'junk' };

/** One connection in the hands of a script: exact bytes out, expected frames in. */
export class ScriptedLine implements PeerSession {
  readonly conn: number;
  readonly #link: PeerLink;
  readonly #waits = new Waits();
  readonly #source = new FrameSource();
  readonly #arrivals: Arrival[] = [];
  readonly #watchers = new Set<() => void>();
  readonly #script: Script;
  readonly #onFinished: (failure: unknown) => void;
  #frames = 0;
  #isStarted = false;
  #isFinished = false;
  #hasModuleEnded = false;

  constructor(link: PeerLink, script: Script, onFinished: (failure: unknown) => void) {
    this.conn = link.connection.conn;
    this.#link = link;
    this.#script = script;
    this.#onFinished = onFinished;
    this.#start();
  }

  /** The next frame, whatever it is. @throws BrokerError WAIT_EXPIRED, CLOSED, SCRIPT_MISMATCH — when FIN comes instead. */
  async next(budgetMs = DEFAULT_BUDGET_MS): Promise<FrameRef> {
    return frameOf(await this.#arrival('a frame', budgetMs), 'a frame');
  }

  /** The next frame, which must match. @throws BrokerError SCRIPT_MISMATCH, WAIT_EXPIRED, CLOSED */
  async expect(wanted: PacketType | FrameMatcher, budgetMs = DEFAULT_BUDGET_MS): Promise<FrameRef> {
    const matcher = typeof wanted === 'string' ? { type: wanted } : wanted;
    const expected = describeMatcher(matcher);
    const frame = frameOf(await this.#arrival(expected, budgetMs), expected);
    if (!matchesFrame(matcher, frame)) throw mismatch(expected, describeFrame(frame));
    return frame;
  }

  /** The next frame, byte by byte. @throws BrokerError SCRIPT_MISMATCH, WAIT_EXPIRED, CLOSED */
  async expectBytes(hex: string, budgetMs = DEFAULT_BUDGET_MS): Promise<FrameRef> {
    const wanted = encode.hex(hex);
    const frame = frameOf(await this.#arrival(wanted.toString('hex'), budgetMs), wanted.toString('hex'));
    if (!frame.bytes.equals(wanted)) throw mismatch(wanted.toString('hex'), describeFrame(frame));
    return frame;
  }

  /** FIN from the module, and no frame before it. @throws BrokerError SCRIPT_MISMATCH, WAIT_EXPIRED, CLOSED */
  async expectEnd(budgetMs = DEFAULT_BUDGET_MS): Promise<void> {
    const arrival = await this.#arrival('FIN', budgetMs);
    if ('frame' in arrival) throw mismatch('FIN', describeFrame(arrival.frame));
    if (arrival.end !== 'FIN') throw mismatch('FIN', arrival.end);
  }

  /** Sends exact bytes in one piece: buffers, or hex with blanks as one likes. */
  send(...parts: readonly (Buffer | string)[]): void {
    this.#link.send(Buffer.concat(parts.map((part) => (typeof part === 'string' ? encode.hex(part) : part))));
  }

  end(how: EndHow): void {
    this.#link.end(how);
  }

  receive(bytes: Buffer): boolean {
    this.#start();
    if (!this.#isStarted) return true;
    for (const { bytes: frame, decoded } of this.#source.push(bytes)) {
      this.#frames += 1;
      if (decoded === undefined) this.#arrive({ end: 'junk' });
      else
        this.#arrive({
          frame: { conn: this.conn, dir: 'up', frame: this.#frames, packet: decoded.packet, bytes: frame },
        });
    }
    return true;
  }

  moduleEnded(): void {
    this.#hasModuleEnded = true;
    this.#arrive({ end: 'FIN' });
    if (this.#isFinished || !this.#isStarted) this.#link.end('fin');
  }

  connectionClosed(): void {
    this.#waits.close(`connection ${this.conn}`);
  }

  #start(): void {
    // A stranger gets no script: it would use up what was written for the module.
    if (this.#isStarted || this.#link.connection.claimedBy === undefined) return;
    this.#isStarted = true;
    // Never rejects.
    void this.#run();
  }

  async #run(): Promise<void> {
    let failure: unknown;
    try {
      await this.#script(this);
    } catch (error) {
      failure = error;
      this.#link.note(`script failed: ${errorMessage(error)}`);
    }
    this.#isFinished = true;
    if (this.#hasModuleEnded) this.#link.end('fin');
    this.#onFinished(failure);
  }

  #arrive(arrival: Arrival): void {
    this.#arrivals.push(arrival);
    for (const watcher of this.#watchers) watcher();
  }

  #arrival(expected: string, budgetMs: number): Promise<Arrival> {
    return this.#waits.waitFor<Arrival>(`script expects ${expected}`, budgetMs, (done) => {
      const watcher = () => {
        const [first] = this.#arrivals;
        if (first === undefined) return;
        this.#arrivals.shift();
        this.#watchers.delete(watcher);
        done(first);
      };
      this.#watchers.add(watcher);
      watcher();
      return () => this.#watchers.delete(watcher);
    });
  }
}

/** A peer that runs a script on each claimed connection. */
export class ScriptedPeer implements Peer {
  readonly name: string;
  readonly isExact = true;
  readonly #script: Script;
  readonly #waits = new Waits();
  readonly #failures: unknown[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(name: string, script: Script) {
    this.name = name;
    this.#script = script;
  }

  attach(link: PeerLink): PeerSession {
    return new ScriptedLine(link, this.#script, (failure) => {
      this.#failures.push(failure);
      for (const watcher of this.#watchers) watcher();
    });
  }

  /**
   * The end of the `nth` script that ends, the first one by default.
   * @throws what the script threw; BrokerError WAIT_EXPIRED
   */
  async waitForScript(budgetMs: number, nth = 1): Promise<void> {
    const failure = await this.#waits.waitFor<{ readonly was: unknown }>(
      `script "${this.name}" ends`,
      budgetMs,
      (done) => {
        const watcher = () => {
          if (this.#failures.length >= nth) done({ was: this.#failures[nth - 1] });
        };
        this.#watchers.add(watcher);
        watcher();
        return () => this.#watchers.delete(watcher);
      },
    );
    if (failure.was !== undefined) throw failure.was;
  }
}

function frameOf(arrival: Arrival, expected: string): FrameRef {
  if ('frame' in arrival) return arrival.frame;
  throw mismatch(expected, arrival.end);
}

function describeFrame({ packet, bytes }: FrameRef): string {
  return `${packet.type} (${bytes.toString('hex', 0, 64)})`;
}

function mismatch(expected: string, saw: string): BrokerError {
  return new BrokerError('SCRIPT_MISMATCH', `the script expected ${expected}, the module sent ${saw}`, {
    expected,
    saw,
  });
}
