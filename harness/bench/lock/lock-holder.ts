import { hostname, userInfo } from 'node:os';
import * as v from 'valibot';

const schema = v.object({
  pid: v.number(),
  user: v.string(),
  host: v.string(),
  why: v.string(),
  /** ISO 8601. */
  since: v.string(),
  /** Whether `lock release` may end it: a person's hold, not a run. */
  isHold: v.boolean(),
});

/** Who holds a lock, as its file says. Only the kernel knows whether it is held. */
export type LockHolder = Readonly<v.InferOutput<typeof schema>>;

export interface LockReason {
  readonly why: string;
  readonly isHold?: boolean;
}

export function thisHolder({ why, isHold = false }: LockReason): LockHolder {
  return { pid: process.pid, user: userName(), host: hostname(), why, since: new Date().toISOString(), isHold };
}

/** Undefined if the file says nothing that makes sense: its holder has only just taken it. */
export function parseHolder(text: string): LockHolder | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return parsed.success ? parsed.output : undefined;
}

export function describeHolder(holder: LockHolder | undefined): string {
  if (holder === undefined) return 'somebody who did not say who';
  const { user, host, pid, why, since } = holder;
  return `${user}@${host} (process ${pid}) since ${since}: ${why}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`; // a container's user need not have a name
  }
}
