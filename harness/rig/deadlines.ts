import type { Deadlines } from '../timeline/events.ts';

/**
 * What a virtual module is held to. Its own time-outs (CONNACK 5 s, request 3 s) stand in `firmware/quecopen-posix`; these lie
 * above them, since it is the module that must give up first.
 */
export const VIRTUAL_DEADLINES: Deadlines = {
  connectMs: 12_000,
  requestMs: 8_000,
  returnMs: 5_000,
  closeMs: 3_000,
  ackMs: 3_000,
  pingMs: 5_000,
  quietMs: 300,
};

/** What a real module is held to until its own time-outs were measured: lwIP's CONNACK wait of 100 s and the radio's latency fit in. */
export const HARDWARE_DEADLINES: Deadlines = {
  connectMs: 150_000,
  requestMs: 90_000,
  returnMs: 60_000,
  closeMs: 30_000,
  ackMs: 10_000,
  pingMs: 60_000,
  quietMs: 3_000,
};
