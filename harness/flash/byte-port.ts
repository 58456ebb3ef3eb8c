/** A serial port as the flasher needs it: bytes in order, opened once, 115200 8N1, no line state touched afterwards. */
export interface BytePort {
  /** Hands all bytes to the kernel in one write; rejects when the port is gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** One listener; a later call takes the place of an earlier one. */
  onData(listener: (bytes: Buffer) => void): void;
  /** Called once, also when we close; `reason` is there when the other end went away. */
  onClose(listener: (reason: Error | undefined) => void): void;
  close(): Promise<void>;
}
