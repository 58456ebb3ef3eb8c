import type { VirtualSpec } from '../bench/module-spec.ts';
import type { VirtualModule } from '../bench/virtual-module.ts';
import type { Lane } from './plan.ts';

const LOOPBACK = '127.0.0.1';
/** Far more than it takes: the machine may be busy. */
const BOOT_MS = 10_000;

/** A virtual module as plans carry it: on loopback or a network of its own, with a supply that can be switched, and nothing on it that wears. */
export function virtualLane({ text, sku }: VirtualSpec, { port, atPort, power, network }: VirtualModule): Lane {
  const brokerHost = network?.host ?? LOOPBACK;
  return {
    spec: text,
    sku: sku.sku,
    port,
    brokerHost,
    listenAddress: brokerHost,
    virtual: true,
    network: network ?? null,
    care: { port, atPort, power, place: null, apn: '', bootMs: BOOT_MS, budget: null, wearLog: null },
  };
}
