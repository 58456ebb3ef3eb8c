import * as v from 'valibot';
import { knownFailureSchema } from './known-failure.ts';

const words = v.pipe(v.array(v.string()), v.readonly());

/**
 * What the command line tells the test processes, as a file named by the environment variable `QLHIL_PLAN`.
 *
 * A lane is one module; a Jest worker takes the lane of its number (`JEST_WORKER_ID`), counted from 1.
 */
const lane = v.object({
  /** As given on the command line. */
  spec: v.string(),
  sku: v.string(),
  /** Path of a TTY, or `tcp:host:port`. A virtual module's path is a link that follows it through re-enumeration. */
  port: v.string(),
  /** Where the module reaches the broker, and where the broker listens. */
  brokerHost: v.string(),
  listenAddress: v.string(),
  virtual: v.boolean(),
  /** The network of a virtual module's own, if it has one: the process behind it, what the module calls the broker's host, what can be done to it. */
  network: v.nullable(v.object({ pid: v.number(), hostName: v.string(), capabilities: words })),
  /** What it takes to keep the module alive. */
  care: v.object({
    port: v.string(),
    place: v.nullable(
      v.object({
        usbPath: v.string(),
        interfaceNumber: v.number(),
        roots: v.object({ sys: v.string(), dev: v.string() }),
      }),
    ),
    atPort: v.nullable(v.string()),
    apn: v.string(),
    bootMs: v.number(),
    power: v.nullable(v.object({ on: words, off: words, offMs: v.number() })),
    budget: v.nullable(v.object({ resetsAnHour: v.number(), attachesAnHour: v.number() })),
    wearLog: v.nullable(v.string()),
  }),
});

export const planSchema = v.object({
  schema: v.literal('qlhil-plan/1'),
  runDir: v.string(),
  seed: v.number(),
  lanes: v.array(lane),
  /** Scenario ids to run; null is all of the files given. */
  only: v.nullable(v.array(v.string())),
  repeat: v.number(),
  strict: v.boolean(),
  known: v.array(knownFailureSchema),
  /** PEM files of this run's certificate authority and server identity. */
  tlsDir: v.string(),
  /** Keep a packet capture of each attempt. */
  pcap: v.boolean(),
  /** Key for hashing subscriber numbers. */
  hashKey: v.string(),
});

export type Plan = v.InferOutput<typeof planSchema>;
export type Lane = Plan['lanes'][number];
