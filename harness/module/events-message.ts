/** Members of an `events` notification; each event is decoded in full where it is delivered. */
export interface EventsParams {
  readonly session: number;
  readonly events: readonly unknown[];
}

/** Cheap, since most lines are events. */
export function isEventsMessage(message: unknown): message is { readonly params: EventsParams } {
  if (!isRecord(message) || message['method'] !== 'events' || !isRecord(message['params'])) return false;
  const { session, events } = message['params'];
  return typeof session === 'number' && Array.isArray(events);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
