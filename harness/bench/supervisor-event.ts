import * as v from 'valibot';

/** A line that the virtual module's supervisor prints. Members not listed here are left out. */
const schema = v.variant('event', [
  /** Not the supervisor yet, but what is to become it: see `behind-air.ts`. */
  v.object({ event: v.literal('waits-for-network') }),
  v.object({
    event: v.literal('plugged'),
    boot: v.number(),
    pid: v.optional(v.number()),
    /** Path of the TTY by bInterfaceNumber. */
    ports: v.record(v.string(), v.string()),
  }),
  v.object({
    event: v.literal('unplugged'),
    boot: v.optional(v.number()),
    cause: v.optional(v.string()),
    signal: v.optional(v.number()),
  }),
  v.object({ event: v.literal('control'), ok: v.boolean(), line: v.optional(v.string()) }),
]);

export type SupervisorEvent = v.InferOutput<typeof schema>;

/** Undefined for a line that is none: a newer supervisor may say more. */
export function decodeSupervisorEvent(line: string): SupervisorEvent | undefined {
  const parsed = v.safeParse(schema, parseJson(line));
  return parsed.success ? parsed.output : undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // told apart from an event by the schema
  }
}
