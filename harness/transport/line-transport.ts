/**
 * One opening of a port that carries lines. It is used once: to open again, ask the factory for a fresh one, so that nothing written
 * before can be delivered after.
 */
export interface LineTransport {
  /** The port as the user would name it, e.g. `/dev/ttyUSB3`. */
  readonly name: string;
  /**
   * Resolves when bytes can pass. `receiver` hears everything from the first byte on.
   *
   * @throws HarnessError PORT_LOST — absent, refused or in use
   */
  open(receiver: LineReceiver): Promise<void>;
  /** Sends text as it is, line ends included. What can't be written shows as `closed`; after that, text is dropped. */
  send(text: string): void;
  /** Drops what is not written yet. Resolves when the port is free. `closed` is not called any more. */
  close(): Promise<void>;
}

/** Makes the transport of the next opening; after a re-enumeration it may be a port of another name. */
export type TransportFactory = () => LineTransport | Promise<LineTransport>;

export interface LineReceiver {
  /** One line without its LF, never longer than the limit. */
  line(bytes: Buffer): void;
  /** Bytes that can't be a line. `bytes` is the head of `length` bytes. */
  noise(bytes: Buffer, length: number, why: 'too-long' | 'half-line'): void;
  /** The port is gone; called once, never after `close`. */
  closed(why: string): void;
}
