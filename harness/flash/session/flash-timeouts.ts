/** How long each step may take (ms), from what official tools allow and what the loaders do in that time. */
export interface FlashTimeouts {
  readonly pdlConnectMs: number;
  readonly pdlConnectAttempts: number;
  readonly pdlDataMs: number;
  /** After EXEC the ROM is silent on success; an error comes within this. */
  readonly pdlExecMs: number;
  readonly versionMs: number;
  readonly versionAttempts: number;
  readonly connectMs: number;
  /** May contain the erase of the first block. */
  readonly startMs: number;
  /** An acknowledgement is held back while the device erases. */
  readonly midstMs: number;
  /** Ends when the last byte is programmed and compared. */
  readonly endMs: number;
  readonly execMs: number;
  /** FDL2 mounts its file systems after its start-up ACK and before it serves the first command. */
  readonly firstCommandMs: number;
  readonly readMs: number;
  readonly eraseMs: number;
  readonly resetMs: number;
  /** Silence after which a late answer is no longer expected. */
  readonly drainMs: number;
}

export const FLASH_TIMEOUTS: FlashTimeouts = {
  pdlConnectMs: 1000,
  pdlConnectAttempts: 5,
  pdlDataMs: 5000,
  pdlExecMs: 100,
  versionMs: 1000,
  versionAttempts: 5,
  connectMs: 3000,
  startMs: 30_000,
  midstMs: 15_000,
  endMs: 60_000,
  execMs: 15_000,
  firstCommandMs: 20_000,
  readMs: 10_000,
  eraseMs: 60_000,
  resetMs: 3000,
  drainMs: 500,
};
