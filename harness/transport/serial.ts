import { SerialPort } from 'serialport';
import { asError, HarnessError } from '../errors.ts';
import { LineReader } from './line-reader.ts';
import type { LineReceiver, LineTransport } from './line-transport.ts';
import { WriteGather } from './write-gather.ts';

/** Ignored by USB ports and PTYs; a real UART needs some number. */
const BAUD_RATE = 921_600;
/** What AT ports and boot ROMs start with. */
const RAW_BAUD_RATE = 115_200;

/** One opening of a TTY. */
export function serialTransport(path: string): LineTransport {
  return new SerialTransport(path);
}

/** Opens a TTY for bytes: 115200 8N1, exclusive, without hang-up on close. Rejects as the operating system does. */
export async function openRawSerial(path: string): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: RAW_BAUD_RATE, autoOpen: false, hupcl: false, lock: true });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  return port;
}

/** A serial port as the operating system lists it; ids are hex. */
export interface ListedPort {
  readonly path: string;
  readonly manufacturer: string | undefined;
  readonly serialNumber: string | undefined;
  readonly pnpId: string | undefined;
  readonly locationId: string | undefined;
  readonly vendorId: string | undefined;
  readonly productId: string | undefined;
}

export async function listSerialPorts(): Promise<readonly ListedPort[]> {
  return await SerialPort.list();
}

class SerialTransport implements LineTransport {
  readonly name: string;
  readonly #port: SerialPort;
  readonly #writes: WriteGather;
  #receiver: LineReceiver | undefined;
  #reader: LineReader | undefined;

  constructor(path: string) {
    this.name = path;
    this.#port = new SerialPort({ path, baudRate: BAUD_RATE, autoOpen: false, hupcl: false, lock: true });
    this.#writes = new WriteGather((text) => this.#port.write(text));
  }

  async open(receiver: LineReceiver): Promise<void> {
    const reader = new LineReader(receiver);
    this.#receiver = receiver;
    this.#reader = reader;
    this.#port.on('data', (chunk: Buffer) => reader.feed(chunk));
    this.#port.on('error', (error) => this.#lost(whyLost(error)));
    this.#port.on('close', (error: unknown) => this.#lost(error ? whyLost(error) : 'the port was closed'));
    await new Promise<void>((resolve, reject) => {
      this.#port.open((error) => {
        if (!error) return resolve();
        this.#forget();
        reject(cannotOpen(this.name, error));
      });
    });
  }

  send(text: string): void {
    if (this.#receiver !== undefined) this.#writes.add(text);
  }

  async close(): Promise<void> {
    this.#forget();
    if (!this.#port.isOpen) return;
    // What the kernel still holds of this opening must not be read by the next.
    await new Promise<void>((resolve) => this.#port.flush(() => resolve()));
    await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }

  #lost(why: string): void {
    const receiver = this.#receiver;
    this.#forget();
    receiver?.closed(why);
  }

  #forget(): void {
    this.#receiver = undefined;
    this.#writes.stop();
    this.#reader?.stop();
  }
}

/** What the operating system says when the device behind a port is no more, which tells nobody. */
const GONE = /bad file descriptor|input\/output error|no such device|not configured|disconnected/iu;

function whyLost(thrown: unknown): string {
  const { message } = asError(thrown);
  return GONE.test(message) ? `the device went away (${message})` : message;
}

/** serialport tells causes in prose only. */
function cannotOpen(path: string, error: Error): HarnessError {
  const data = { port: path };
  if (/no such file|ENOENT/i.test(error.message)) {
    const mend = 'plug the module in, or give another port (`qlhil devices` lists what is attached)';
    return new HarnessError('PORT_LOST', `${path} is not there: ${mend}`, data, { cause: error });
  }
  if (/permission denied|EACCES/i.test(error.message)) {
    const mend = 'add yourself to its group (often `dialout`) and log in again';
    return new HarnessError('PORT_LOST', `${path} may not be opened by this user: ${mend}`, data, { cause: error });
  }
  if (/lock|busy|EBUSY/i.test(error.message)) {
    const mend = 'close the other program (`fuser` names it)';
    return new HarnessError('PORT_LOST', `${path} is in use: ${mend}`, data, { cause: error });
  }
  return new HarnessError('PORT_LOST', `${path} can't be opened: ${error.message}`, data, { cause: error });
}
