/** Bounds that keep strangers and broken modules from taking the rig with them. */
export interface Limits {
  /** Connections open at once on one listener. */
  readonly connections: number;
  /** Longest packet that is read from a module. */
  readonly packetBytes: number;
  /** From the accepted connection to the whole CONNECT. */
  readonly handshakeMs: number;
  /** How long a connection that we ended with FIN waits for the module to close too. */
  readonly lingerMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  connections: 64,
  packetBytes: 1 << 20,
  handshakeMs: 30_000,
  lingerMs: 2_000,
};
