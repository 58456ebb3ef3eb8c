import { ModuleProxy } from '../module/module-proxy.ts';
import { ModuleSession } from '../module/session.ts';
import { transportFor } from '../transport/transport-for.ts';
import { DATA_CALL_PROFILE } from './park-module.ts';
import { findSkuOfRevision } from './sku.ts';

export interface ReadyModule {
  /** By the revision; `unknown` if that is none of the family. */
  readonly sku: string;
  readonly revision: string;
  readonly imei: string;
}

export interface ReadyHooks {
  /** Throws if it is the wrong one, before anything is done to it. */
  readonly accept: (module: ReadyModule) => void;
  /** Before its data call is brought up; throws if that would wear it too much. */
  readonly attach: () => void;
}

/**
 * Asks the module on a port who it is, and brings its data call up if it is down, as after parking.
 *
 * @throws HarnessError PORT_LOST, RPC_TIMEOUT, PROTOCOL — there is no port, or no shim on it
 * @throws HarnessError RPC_REFUSED — there is no network
 */
export async function readyModule(
  port: string,
  apn: string,
  { accept, attach }: Partial<ReadyHooks> = {},
): Promise<ReadyModule> {
  await using session = await ModuleSession.open({ transport: transportFor(port) });
  const module = new ModuleProxy(session);
  const { revision, imei } = session.hello.module;
  const ready = { sku: findSkuOfRevision(revision) ?? 'unknown', revision, imei };
  accept?.(ready);
  if ((await module.networkStatus()).dataCall) return ready;
  attach?.();
  await module.networkUp({ profile: DATA_CALL_PROFILE, apn });
  return ready;
}
