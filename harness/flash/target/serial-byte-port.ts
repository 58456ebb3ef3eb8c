import type { BytePort } from '../byte-port.ts';

/** What we use of a `SerialPort` of the package `serialport`, which is imported elsewhere. */
export interface RawSerialPort {
  readonly isOpen: boolean;
  write(bytes: Buffer, done: (error?: Error | null) => void): unknown;
  close(done: (error?: Error | null) => void): void;
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  on(event: 'close', listener: (reason?: Error | null) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * A byte port over a serial port that is open already: 115200 8N1, `hupcl: false`, `lock: true`. It only reads, writes and
 * closes; whatever else a serial port can do would be a control transfer.
 */
export function serialBytePort(port: RawSerialPort): BytePort {
  // A failed read or write is followed by `close`, which carries the news.
  port.on('error', () => undefined);
  return {
    write: async (bytes) =>
      await new Promise((resolve, reject) => {
        port.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), (error) =>
          error ? reject(error) : resolve(),
        );
      }),
    onData: (listener) => void port.on('data', listener),
    onClose: (listener) => void port.on('close', (reason) => listener(reason ?? undefined)),
    close: async () => {
      if (!port.isOpen) return;
      await new Promise<void>((resolve) => {
        port.close(() => resolve());
      });
    },
  };
}
