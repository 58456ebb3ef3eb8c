import type { Duplex } from 'node:stream';
import type { BrokerEvent, Direction, FrameSeen, LintFinding } from './events.ts';
import { HEX_LIMIT_BYTES } from './events.ts';
import type { Gate, PassageControl } from './faults/gate.ts';
import type { GateBoard } from './faults/gate-board.ts';
import { type Cut, FrameCutter } from './frame/cutter.ts';
import { type Decoded, decodeFrame } from './frame/decode.ts';
import type { FrameRef } from './frame-matcher.ts';
import { Lane, type LaneItem } from './lane.ts';
import type { ConnectionLint } from './lint/connection-lint.ts';
import type { PeerSession } from './peers/peer.ts';

/** Above this, what waits in a lane stops the reading of its source. */
const LANE_LIMIT_BYTES = 1 << 20;

export interface TapContext {
  readonly conn: number;
  readonly stream: Duplex;
  readonly limitBytes: number;
  readonly lint: ConnectionLint;
  readonly gates: GateBoard;
  readonly clock: () => number;
  readonly report: (event: BrokerEvent) => void;
  /** Takes the bytes of the stream for a capture. */
  readonly onRaw: ((dir: Direction, bytes: Buffer) => void) | undefined;
  /** Called with each frame once it is in the events, before anything is done with it. */
  readonly onFrame: (frame: FrameRef, decoded: Decoded) => void;
  /** False for strangers: no gate sees their frames. */
  readonly isClaimed: () => boolean;
}

/**
 * Where both directions of a connection are cut into frames, reported, and led through the gates.
 *
 * Down, two cutters are at work: one on what the peer sends, whose frames the gates see, and one on what is really
 * written, faults included, whose frames are the events. Each event comes before the bytes that complete its frame.
 */
export class Tap {
  readonly #context: TapContext;
  readonly #upCutter: FrameCutter;
  readonly #peerCutter: FrameCutter;
  readonly #wireCutter: FrameCutter;
  readonly #up: Lane;
  readonly #down: Lane;
  #peer: PeerSession | undefined;
  #upFrames = 0;
  #downFrames = 0;
  #waitingForDrain: (() => void)[] = [];
  /** While a chunk is cut: what of it the peer gets, so that it gets it in one piece. */
  #gathered: Buffer[] | undefined;
  /** While bytes of the peer are cut: what of them is to be written, so that it is written in one piece. */
  #leaving: Buffer[] | undefined;
  #peerWantsMore = true;
  #isStopped = false;

  constructor(context: TapContext) {
    this.#context = context;
    this.#upCutter = new FrameCutter(context.limitBytes);
    // What we send ourselves has no limit: oversized packets are one of the faults.
    this.#peerCutter = new FrameCutter(Number.POSITIVE_INFINITY);
    this.#wireCutter = new FrameCutter(Number.POSITIVE_INFINITY);
    this.#up = new Lane(({ bytes }) => this.#toPeer(bytes));
    this.#down = new Lane((item) => this.#write(item));
  }

  /** Starts reading. */
  start(peer: PeerSession): void {
    this.#peer = peer;
    const { stream } = this.#context;
    stream.on('data', (chunk: Buffer) => this.#fromModule(chunk));
    stream.on('drain', () => this.#wakePeer());
  }

  /** From the peer: whole frames go through the gates; the bytes of one call leave in one piece if none acts. */
  fromPeer(bytes: Buffer, isInjected: boolean): boolean {
    this.#leaving = [];
    // What completes a packet that was sent in part goes out as it is: no gate can know it.
    if (isInjected && this.#wireCutter.pendingBytes > 0) this.#downJunk(bytes);
    else this.#cutDown(bytes, isInjected);
    const leaving = this.#leaving;
    this.#leaving = undefined;
    this.#send(leaving);
    return this.#takesMore();
  }

  /** Calls back once when the module's side takes bytes again. */
  whenDrained(callback: () => void): void {
    if (this.#takesMore()) setImmediate(callback);
    else this.#waitingForDrain.push(callback);
  }

  /** Exact bytes to the module at once, past gates and lane. */
  inject(bytes: Buffer): void {
    this.#writeBytes(bytes, { injected: true, frame: 0 });
  }

  /** The peer takes bytes again. */
  resumePeer(): void {
    this.#peerWantsMore = true;
    this.#regulate();
  }

  /** Stops reading from the module, so that its window closes. */
  stopReading(): void {
    this.#isStopped = true;
    this.#regulate();
  }

  resumeReading(): void {
    this.#isStopped = false;
    this.#regulate();
  }

  /** The module sends no more: what it began and did not finish is reported. */
  endUp(): void {
    if (this.#upCutter.pendingBytes === 0) return;
    this.#reportBytes('up', this.#upCutter.takePending(), 'the connection ended inside a packet');
  }

  /** Whoever waits for a drain is let go: nothing will be written any more. */
  close(): void {
    for (const callback of this.#waitingForDrain.splice(0)) callback();
    this.#up.close();
    this.#down.close();
  }

  #fromModule(chunk: Buffer): void {
    this.#context.onRaw?.('up', chunk);
    // With gates, each frame is answered before the next one is looked at: they may count on that.
    this.#gathered = this.#context.gates.isEmpty ? [] : undefined;
    for (const cut of this.#upCutter.push(chunk)) this.#upCut(cut);
    const gathered = this.#gathered ?? [];
    this.#gathered = undefined;
    this.#give(gathered);
  }

  #upCut(cut: Cut): void {
    if ('junk' in cut) {
      this.#reportBytes('up', cut.junk, cut.why);
      this.#up.enqueue({ bytes: cut.junk, frame: 0, isOwn: true }, true);
      return;
    }
    const decoded = decodeFrame(cut.frame);
    const lint = this.#context.lint.fromModule(decoded);
    this.#upFrames += 1;
    const frame = this.#ref('up', this.#upFrames, cut.frame, decoded);
    this.#reportFrame(frame, lint);
    this.#context.onFrame(frame, decoded);
    // A stranger has just been turned away by its CONNECT.
    if (this.#context.stream.destroyed) return;
    this.#throughGates(frame, this.#up, { bytes: cut.frame, frame: frame.frame, isOwn: true });
  }

  #cutDown(bytes: Buffer, isInjected: boolean): void {
    for (const cut of this.#peerCutter.push(bytes)) this.#downCut(cut, isInjected);
    // An exact peer may send a part of a packet.
    if (isInjected && this.#peerCutter.pendingBytes > 0) this.#downJunk(this.#peerCutter.takePending());
  }

  #downCut(cut: Cut, isInjected: boolean): void {
    if ('junk' in cut) {
      this.#downJunk(cut.junk);
      return;
    }
    this.#downFrames += 1;
    const decoded = decodeFrame(cut.frame);
    const frame = this.#ref('down', this.#downFrames, cut.frame, decoded);
    this.#throughGates(frame, this.#down, { bytes: cut.frame, frame: frame.frame, isOwn: !isInjected, decoded });
  }

  #downJunk(bytes: Buffer): void {
    this.#down.enqueue({ bytes, frame: 0, isOwn: false }, true);
  }

  #throughGates(frame: FrameRef, lane: Lane, item: LaneItem): void {
    if (this.#context.gates.isEmpty || !this.#context.isClaimed()) {
      lane.enqueue(item, true);
      return;
    }
    const gates = this.#context.gates.firing(frame);
    const acting = gates.find((gate) => !gate.isPassive);
    if (acting?.keeps === true && frame.dir === 'down') this.#reportFrame(frame, [], { held: true });
    if (gates.length > 0) this.#fire(gates, frame, lane, item);
    if (acting === undefined) lane.enqueue(item, true);
  }

  #fire(gates: readonly Gate[], frame: FrameRef, lane: Lane, item: LaneItem): void {
    const control: PassageControl = {
      enqueue: (bytes, { isReady, isOwn }) =>
        lane.enqueue(isOwn ? item : { bytes, frame: frame.dir === 'up' ? frame.frame : 0, isOwn: false }, isReady),
      toModule: (bytes) => this.inject(bytes),
    };
    for (const gate of gates) gate.fire(frame, control);
  }

  #toPeer(bytes: Buffer): void {
    if (this.#gathered === undefined) this.#give([bytes]);
    else this.#gathered.push(bytes);
  }

  #give(parts: readonly Buffer[]): void {
    const [first] = parts;
    if (first !== undefined) {
      const bytes = parts.length === 1 ? first : Buffer.concat(parts);
      if (this.#peer?.receive(bytes) === false) this.#peerWantsMore = false;
    }
    this.#regulate();
  }

  #write(item: LaneItem): void {
    const { bytes, frame, isOwn, decoded } = item;
    const { stream } = this.#context;
    // The usual case: a whole frame of the peer, after whole frames.
    if (decoded !== undefined && stream.writable && this.#wireCutter.pendingBytes === 0 && !this.#wireCutter.isBroken) {
      this.#reportWritten(this.#ref('down', frame, bytes, decoded), decoded, !isOwn);
      this.#leave(bytes);
    } else this.#writeBytes(bytes, { injected: !isOwn, frame });
    if (this.#waitingForDrain.length > 0) this.#wakePeer();
  }

  /** Everything else that the module gets: `frame` is 0 for what is no frame of the peer. */
  #writeBytes(bytes: Buffer, from: { readonly injected: boolean; readonly frame: number }): void {
    const { stream } = this.#context;
    if (!stream.writable) return;
    for (const cut of this.#wireCutter.push(bytes)) {
      if ('junk' in cut) this.#reportBytes('down', cut.junk, cut.why);
      else this.#reportCut(cut.frame, from);
    }
    const partLength = Math.min(this.#wireCutter.pendingBytes, bytes.length);
    if (partLength > 0) this.#reportBytes('down', bytes.subarray(bytes.length - partLength), 'a part of a packet');
    this.#leave(bytes);
  }

  #leave(bytes: Buffer): void {
    if (this.#leaving === undefined) this.#send([bytes]);
    else this.#leaving.push(bytes);
  }

  #send(parts: readonly Buffer[]): void {
    const [first] = parts;
    const { stream, onRaw } = this.#context;
    if (first === undefined || !stream.writable) return;
    const bytes = parts.length === 1 ? first : Buffer.concat(parts);
    onRaw?.('down', bytes);
    stream.write(bytes);
  }

  #reportCut(bytes: Buffer, { injected, frame }: { readonly injected: boolean; readonly frame: number }): void {
    if (frame === 0) this.#downFrames += 1;
    const decoded = decodeFrame(bytes);
    this.#reportWritten(this.#ref('down', frame === 0 ? this.#downFrames : frame, bytes, decoded), decoded, injected);
  }

  #reportWritten(frame: FrameRef, decoded: Decoded, injected: boolean): void {
    const defects = this.#context.lint.toModule(decoded);
    const isPlain = defects.length === 0 && !injected;
    this.#reportFrame(
      frame,
      [],
      isPlain ? undefined : { ...(defects.length > 0 && { defects }), ...(injected && { injected }) },
    );
    this.#context.onFrame(frame, decoded);
  }

  #ref(dir: Direction, frame: number, bytes: Buffer, { packet }: Decoded): FrameRef {
    return { conn: this.#context.conn, dir, frame, packet, bytes };
  }

  /** Without a spread in the usual case: it costs as much as all the rest. */
  #reportFrame(
    { conn, dir, frame, packet, bytes }: FrameRef,
    lint: readonly LintFinding[],
    rare?: Pick<FrameSeen, 'defects' | 'injected' | 'held'>,
  ): void {
    const hex = bytes.toString('hex', 0, HEX_LIMIT_BYTES);
    const { clock, report } = this.#context;
    const seen: FrameSeen = { k: 'frame', at: clock(), conn, dir, frame, length: bytes.length, hex, packet, lint };
    report(rare === undefined ? seen : { ...seen, ...rare });
  }

  #reportBytes(dir: Direction, bytes: Buffer, why: string): void {
    const hex = bytes.toString('hex', 0, HEX_LIMIT_BYTES);
    const { conn, clock, report } = this.#context;
    report({ k: 'bytes', at: clock(), conn, dir, hex, length: bytes.length, why });
  }

  #takesMore(): boolean {
    return !this.#context.stream.writableNeedDrain && this.#down.queuedBytes < LANE_LIMIT_BYTES;
  }

  #wakePeer(): void {
    if (!this.#takesMore()) return;
    for (const callback of this.#waitingForDrain.splice(0)) callback();
  }

  #regulate(): void {
    const { stream } = this.#context;
    const isOpen = this.#peerWantsMore && !this.#isStopped && this.#up.queuedBytes < LANE_LIMIT_BYTES;
    if (isOpen === !stream.isPaused()) return;
    if (isOpen) stream.resume();
    else stream.pause();
  }
}
