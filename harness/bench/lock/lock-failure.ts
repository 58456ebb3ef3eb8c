import type { LockHolder } from './lock-holder.ts';

export interface LockFailureData {
  /** Somebody else holds the module (exit 7). */
  MODULE_LOCKED: { readonly key: string; readonly holder: LockHolder | undefined };
}

declare module '../../errors.ts' {
  interface FailureData extends LockFailureData {}
}
