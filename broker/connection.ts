import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ClaimedBy, Claims } from './claims.ts';
import { ifEndedByFin } from './ended-by-fin.ts';
import { errorCode, errorMessage } from './error-code.ts';
import type { BrokerEvent, ConnectionClosed, Direction } from './events.ts';
import type { GateBoard } from './faults/gate-board.ts';
import type { Decoded } from './frame/decode.ts';
import { describeMatcher, type FrameMatcher, type FrameRef, matchesFrame } from './frame-matcher.ts';
import type { Limits } from './limits.ts';
import { ConnectionLint } from './lint/connection-lint.ts';
import type { Sessions } from './lint/sessions.ts';
import type { EndHow, Peer, PeerSession } from './peers/peer.ts';
import type { RawSegment } from './raw-segment.ts';
import { Tap } from './tap.ts';
import type { CloseNotifyWatch } from './tls/close-notify-watch.ts';
import { Waits } from './waits.ts';

export interface Remote {
  readonly address: string;
  readonly port: number;
}

export interface ConnectionContext {
  readonly conn: number;
  readonly socket: Socket;
  readonly remote: Remote;
  readonly limits: Limits;
  readonly claims: Claims;
  readonly gates: GateBoard;
  readonly sessions: Sessions;
  readonly clock: () => number;
  readonly report: (event: BrokerEvent) => void;
  /** For a capture; undefined if nobody wants one. */
  readonly onRaw: ((segment: RawSegment) => void) | undefined;
  readonly onFrame: (frame: FrameRef) => void;
  readonly onClosed: (connection: Connection) => void;
}

type FirstEnd = Pick<ConnectionClosed, 'by' | 'how'>;

const RESET_CODES = new Set(['ECONNRESET', 'EPIPE']);

/** Who ended a connection that failed: an alert is the module's word, every other error of TLS is our own refusal. */
function endBy(code: string): FirstEnd {
  if (RESET_CODES.has(code)) return { by: 'module', how: 'rst' };
  const isOurs = code.startsWith('ERR_SSL_') && !code.includes('_ALERT_');
  return { by: isOurs ? 'broker' : 'module', how: 'error' };
}

/** One TCP connection, from accept to close: who claimed it, how it is ended, and the tap once MQTT is spoken. */
export class Connection {
  readonly conn: number;
  readonly remote: Remote;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  readonly #context: ConnectionContext;
  readonly #waits = new Waits();
  readonly #frameWatchers = new Set<(frame: FrameRef) => void>();
  readonly #endWatchers = new Set<() => void>();
  readonly #closeWatchers = new Set<() => void>();
  #stream: Socket | TLSSocket;
  #tap: Tap | undefined;
  #session: PeerSession | undefined;
  #claimedBy: ClaimedBy | undefined;
  #clientId: string | undefined;
  #firstEnd: FirstEnd | undefined;
  #error: unknown;
  #hasModuleEnded = false;
  #closeNotify: CloseNotifyWatch | undefined;
  #hasEnded = false;
  #isClosed = false;
  #handshakeTimer: NodeJS.Timeout | undefined;
  #lingerTimer: NodeJS.Timeout | undefined;
  #resolveClosed: () => void = () => undefined;

  constructor(context: ConnectionContext) {
    this.#context = context;
    this.conn = context.conn;
    this.remote = context.remote;
    this.#stream = context.socket;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    context.socket.on('error', (error) => this.#onError(error));
    context.socket.on('end', () => this.#onEnd());
    context.socket.on('close', () => this.#onClose());
    this.#claim(context.claims.onAccept(context.remote.address));
    this.#handshakeTimer = setTimeout(() => this.#onHandshakeTimeout(), context.limits.handshakeMs);
  }

  get claimedBy(): ClaimedBy | undefined {
    return this.#claimedBy;
  }

  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /**
   * How the module has ended its side; undefined as long as it has not, also if the broker has given it up. After the broker's own FIN
   * an RST that comes together with bytes is taken for a FIN.
   */
  get moduleEnd(): 'FIN' | 'RST' | undefined {
    if (this.#hasModuleEnded) return 'FIN';
    return RESET_CODES.has(errorCode(this.#error)) ? 'RST' : undefined;
  }

  /** The module has said close_notify, and nothing after it; undefined where nobody watches for it. */
  get hasCloseNotify(): boolean | undefined {
    return this.#closeNotify?.hasCome;
  }

  /** From the CONNECT; undefined before. */
  get clientId(): string | undefined {
    return this.#clientId;
  }

  /** Takes the bytes of the TCP connection for a capture; undefined if nobody wants one. */
  get recorder(): ((dir: Direction, bytes: Buffer) => void) | undefined {
    const { clock, conn, onRaw } = this.#context;
    return onRaw && ((dir, bytes) => onRaw({ at: clock(), conn, dir, bytes }));
  }

  /** The TCP socket below TLS. */
  get socket(): Socket {
    return this.#context.socket;
  }

  /** Writes exact bytes to the module at once, past gates and peer. */
  inject(bytes: Buffer): void {
    if (this.#tap === undefined) {
      if (this.#stream === this.socket) this.recorder?.('down', bytes);
      this.#stream.write(bytes);
    } else this.#tap.inject(bytes);
  }

  /** Ends the broker's side. What was written before arrives before, except with `rst`. */
  end(how: EndHow): void {
    if (this.#isClosed || (this.#hasEnded && how !== 'rst')) return;
    this.#firstEnd ??= { by: 'broker', how: how === 'rst' ? 'rst' : 'fin' };
    this.#hasEnded = true;
    if (how === 'rst') {
      this.socket.resetAndDestroy();
      return;
    }
    this.#reportFin('down');
    if (how === 'truncate') this.socket.end();
    else this.#stream.end();
    clearTimeout(this.#lingerTimer);
    if (how !== 'half-close')
      this.#lingerTimer = setTimeout(() => this.socket.destroy(), this.#context.limits.lingerMs);
  }

  /** Leaves what the module sends in the kernel, so that its window closes. A fault: what was sent is seen late, or never. */
  stopReading(): void {
    const { clock, report } = this.#context;
    report({ k: 'fault', at: clock(), conn: this.conn, fault: 'stop reading', act: 'fired' });
    if (this.#tap === undefined) this.#stream.pause();
    else this.#tap.stopReading();
  }

  resumeReading(): void {
    if (this.#tap === undefined) this.#stream.resume();
    else this.#tap.resumeReading();
  }

  /** The next frame that matches, counted from this call. @throws BrokerError WAIT_EXPIRED, CLOSED */
  waitForFrame(matcher: FrameMatcher, budgetMs: number): Promise<FrameRef> {
    const reason = `${describeMatcher(matcher)} on connection ${this.conn}`;
    return this.#waits.waitFor<FrameRef>(reason, budgetMs, (done) => {
      const watcher = (frame: FrameRef) => {
        if (matchesFrame(matcher, frame)) done(frame);
      };
      this.#frameWatchers.add(watcher);
      return () => this.#frameWatchers.delete(watcher);
    });
  }

  /** The module's FIN. @throws BrokerError WAIT_EXPIRED; CLOSED — when the connection ended without one. */
  waitForModuleEnd(budgetMs: number): Promise<void> {
    return this.#waits.waitFor<undefined>(`FIN from the module on connection ${this.conn}`, budgetMs, (done) => {
      const watcher = () => done(undefined);
      this.#endWatchers.add(watcher);
      if (this.#hasModuleEnded) watcher();
      return () => this.#endWatchers.delete(watcher);
    });
  }

  /** The end of the connection, however. @throws BrokerError WAIT_EXPIRED */
  waitForClose(budgetMs: number): Promise<void> {
    // Not one of the waits that closing rejects.
    return new Waits().waitFor<undefined>(`connection ${this.conn} closes`, budgetMs, (done) => {
      const watcher = () => done(undefined);
      this.#closeWatchers.add(watcher);
      if (this.#isClosed) watcher();
      return () => this.#closeWatchers.delete(watcher);
    });
  }

  /** A ClientHello with this server name came. */
  claimByHello(sni: string | null): void {
    this.#claim(this.#context.claims.onHello(sni));
  }

  /**
   * Puts a TLS session between the socket and the tap.
   *
   * @param isSeenThrough the socket's own end is told beside that of the session, and is what counts
   */
  secureBy(stream: TLSSocket, isSeenThrough: boolean): void {
    this.#stream = stream;
    stream.on('error', (error) => this.#onError(error));
    stream.on('end', () => {
      if (isSeenThrough) this.#onSessionEnd();
      else this.#onEnd();
    });
  }

  /** The module's FIN will tell of close_notify. */
  hearsCloseNotifyBy(watch: CloseNotifyWatch): void {
    this.#closeNotify = watch;
  }

  /** Starts MQTT: from here on the peer answers. */
  speak(peer: Peer): void {
    if (this.#isClosed) return;
    const { clock, gates, limits, report, sessions, onFrame } = this.#context;
    const tap = new Tap({
      conn: this.conn,
      stream: this.#stream,
      limitBytes: limits.packetBytes,
      lint: new ConnectionLint(this.conn, sessions),
      gates,
      clock,
      report,
      // Below TLS they are recorded there.
      onRaw: this.#stream === this.socket ? this.recorder : undefined,
      isClaimed: () => this.#claimedBy !== undefined,
      onFrame: (frame, decoded) => {
        if (frame.dir === 'up') this.#identify(decoded);
        onFrame(frame);
        for (const watcher of this.#frameWatchers) watcher(frame);
      },
    });
    this.#tap = tap;
    const isExact = peer.isExact === true;
    this.#session = peer.attach({
      connection: this,
      send: (bytes) => tap.fromPeer(bytes, isExact),
      whenDrained: (callback) => tap.whenDrained(callback),
      resume: () => tap.resumePeer(),
      end: (how) => this.end(how),
      note: (detail) => report({ k: 'fault', at: clock(), conn: this.conn, fault: peer.name, act: 'fired', detail }),
    });
    tap.start(this.#session);
  }

  /** A fault has taken the connection over: no time limit, nothing is read but to see the end. */
  abandon({ isRead }: { readonly isRead: boolean }): void {
    clearTimeout(this.#handshakeTimer);
    if (isRead) this.#stream.resume();
    else this.#stream.pause();
  }

  turnAway(why: string): void {
    this.#context.report({ k: 'stranger', at: this.#context.clock(), conn: this.conn, why });
    this.destroy();
  }

  /** Ends it at once, in whatever state. */
  destroy(): void {
    this.#firstEnd ??= { by: 'broker', how: 'fin' };
    this.#stream.destroy();
    this.socket.destroy();
  }

  #claim(by: ClaimedBy | undefined): void {
    if (by === undefined || this.#claimedBy !== undefined) return;
    this.#claimedBy = by;
    this.#context.report({ k: 'claimed', at: this.#context.clock(), conn: this.conn, by });
  }

  #identify(decoded: Decoded): void {
    const { packet } = decoded;
    if (packet.type !== 'CONNECT') return;
    clearTimeout(this.#handshakeTimer);
    this.#clientId ??= packet.clientId;
    // Also for a claimed connection: it is here that a source address is learnt.
    this.#claim(this.#context.claims.onConnect(decoded, this.remote.address));
    if (this.#claimedBy === undefined) this.turnAway('nothing in its CONNECT belongs to this run');
  }

  #onHandshakeTimeout(): void {
    const { handshakeMs } = this.#context.limits;
    if (this.#claimedBy === undefined) this.turnAway(`no CONNECT within ${handshakeMs} ms`);
    else this.end('fin');
  }

  /** close_notify has come. The end of the connection comes with it, or soon after, unless the module waits for ours. */
  #onSessionEnd(): void {
    // Node closes the socket once a session has ended both ways.
    if (this.#hasEnded) this.#onModuleEnd();
    else this.#lingerTimer = setTimeout(() => this.#onModuleEnd(), this.#context.limits.lingerMs);
  }

  #onEnd(): void {
    ifEndedByFin(this.socket, this.#stream.writableLength, () => this.#onModuleEnd());
  }

  #onModuleEnd(): void {
    if (this.#hasModuleEnded || this.#isClosed) return;
    this.#hasModuleEnded = true;
    this.#firstEnd ??= { by: 'module', how: 'fin' };
    this.#reportFin('up');
    this.#tap?.endUp();
    for (const watcher of this.#endWatchers) watcher();
    if (this.#session === undefined) this.end('fin');
    else this.#session.moduleEnded();
  }

  #onError(error: unknown): void {
    this.#error ??= error;
    this.#firstEnd ??= endBy(errorCode(error));
    this.socket.destroy();
  }

  #onClose(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#handshakeTimer);
    clearTimeout(this.#lingerTimer);
    const { clock, report, onClosed } = this.#context;
    const { by, how } = this.#firstEnd ?? { by: 'module', how: 'fin' };
    const error = this.#error === undefined ? {} : { error: errorMessage(this.#error) };
    report({ k: 'tcp-close', at: clock(), conn: this.conn, by, how, ...error });
    this.#tap?.close();
    this.#session?.connectionClosed(how === 'fin' ? undefined : new Error(`connection ${this.conn} ended by ${how}`));
    if (this.#stream !== this.socket) this.#stream.destroy();
    this.#waits.close(`connection ${this.conn}`);
    this.#resolveClosed();
    for (const watcher of this.#closeWatchers) watcher();
    onClosed(this);
  }

  #reportFin(dir: Direction): void {
    const { clock, report } = this.#context;
    const closeNotify = dir === 'up' ? this.hasCloseNotify : undefined;
    report({ k: 'fin', at: clock(), conn: this.conn, dir, ...(closeNotify !== undefined && { closeNotify }) });
  }
}
