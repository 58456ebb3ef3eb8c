import type { Socket } from 'node:net';
import { ifEndedByFin } from '../ended-by-fin.ts';
import { errorCode } from '../error-code.ts';
import type { ByteFault, Piece } from './byte-fault.ts';

type Transform = (bytes: Buffer, offset: number) => readonly Piece[];

export interface PumpOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly faults: readonly ByteFault[];
  /** The bytes have been changed, cut or held up by this fault. */
  readonly onFired: (fault: ByteFault) => void;
}

interface Stage {
  readonly fault: ByteFault;
  readonly transform: Transform;
  offset: number;
}

/** One direction of a relay: bytes through the faults, FIN as FIN, RST as RST, and a full far side as a full near side. */
export class Pump {
  readonly #options: PumpOptions;
  readonly #stages: Stage[];
  #queue: Piece[] = [];
  #isBusy = false;
  #hasEnded = false;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: PumpOptions) {
    this.#options = options;
    this.#stages = options.faults.map((fault) => ({ fault, transform: fault.start(), offset: 0 }));
  }

  static start(options: PumpOptions): Pump {
    const pump = new Pump(options);
    pump.#listen();
    return pump;
  }

  #listen(): void {
    const { from, to } = this.#options;
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.on('end', () =>
      ifEndedByFin(from, from.writableLength, () => {
        this.#hasEnded = true;
        this.#next();
      }),
    );
    from.on('error', (error) => this.#passError(errorCode(error)));
    from.on('close', () => this.#stop());
    to.on('drain', () => this.#next());
  }

  #take(chunk: Buffer): void {
    this.#queue.push(...this.#through(chunk));
    this.#next();
  }

  #through(chunk: Buffer): readonly Piece[] {
    let pieces: readonly Piece[] = [{ bytes: chunk, afterMs: 0 }];
    for (const stage of this.#stages) {
      const before = pieces;
      pieces = pieces.flatMap(({ bytes, afterMs }) => {
        const out = stage.transform(bytes, stage.offset);
        stage.offset += bytes.length;
        return [...out.slice(0, 1).map((first) => later(first, afterMs)), ...out.slice(1)];
      });
      if (!isSame(before, pieces)) this.#options.onFired(stage.fault);
    }
    return pieces;
  }

  /** Sends the next piece when its time has come and the far side takes it. */
  #next(): void {
    const { from, to } = this.#options;
    if (this.#isBusy) return;
    const piece = to.writableNeedDrain ? undefined : this.#queue.shift();
    if (this.#queue.length > 0 || to.writableNeedDrain) from.pause();
    else from.resume();
    if (piece !== undefined) this.#send(piece);
    else if (this.#hasEnded && this.#queue.length === 0 && to.writable) to.end();
  }

  #send({ bytes, afterMs }: Piece): void {
    this.#isBusy = true;
    const go = () => {
      this.#isBusy = false;
      if (this.#options.to.writable) this.#options.to.write(bytes, () => this.#next());
    };
    if (afterMs > 0) this.#timer = setTimeout(go, afterMs);
    else go();
  }

  #passError(code: string): void {
    const { to } = this.#options;
    if (code === 'ECONNRESET' || code === 'EPIPE') to.resetAndDestroy();
    else to.destroy();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#queue = [];
  }
}

function later(piece: Piece, byMs: number): Piece {
  return { bytes: piece.bytes, afterMs: piece.afterMs + byMs };
}

function isSame(a: readonly Piece[], b: readonly Piece[]): boolean {
  return (
    a.length === b.length &&
    a.every((piece, i) => piece.bytes.equals(b[i]?.bytes ?? Buffer.alloc(0)) && piece.afterMs === b[i]?.afterMs)
  );
}
