import { HarnessError } from '../errors.ts';
import type { BytePort } from './byte-port.ts';
import type { DeviceLeft } from './flash-advice.ts';
import type { FlashStage } from './flash-failure.ts';
import type { FlashPlan, FlashStep } from './plan/flash-plan.ts';
import { Exchange } from './session/exchange.ts';
import { Fdl2 } from './session/fdl2.ts';
import type { FlashTimeouts } from './session/flash-timeouts.ts';
import { loadFdl1 } from './session/load-fdl1.ts';
import { loadFdl2 } from './session/load-fdl2.ts';

export interface NativeFlashOptions {
  readonly timeouts: FlashTimeouts;
  readonly verify: boolean;
  readonly signal: AbortSignal | undefined;
  readonly events: NativeFlashEvents;
}

export interface NativeFlashEvents {
  onStage(stage: FlashStage): void;
  onFile(id: string, bytes: number): void;
  onFileDone(): void;
  /** Negative when a file is sent again. */
  onBytes(count: number): void;
  onRetry(id: string, reason: string): void;
  onLog(text: string): void;
  onVersion(text: string): void;
  /** Before each step whose failure would leave the module in another state. */
  onLeft(left: DeviceLeft): void;
}

/**
 * The whole conversation on an open download port: boot ROM, first loader, second loader, files, comparison, reset. The
 * port is never closed, opened again or set otherwise before the reset was acknowledged: any of it kills a loader.
 * @throws HarnessError — every FLASH_ code of the session; after one in the second loader the module was reset if it answered
 */
export async function nativeFlash(port: BytePort, plan: FlashPlan, options: NativeFlashOptions): Promise<void> {
  const { timeouts, events } = options;
  const exchange = new Exchange(port);
  events.onStage('rom');
  events.onLeft('loader');
  events.onFile(plan.fdl1.id, plan.fdl1.bytes.length);
  const { link, version } = await loadFdl1(exchange, plan.fdl1, {
    timeouts,
    onBytes: (count) => events.onBytes(count),
    onLog: (text) => events.onLog(text),
  });
  events.onFileDone();
  events.onVersion(version);
  events.onStage('fdl1');
  events.onFile(plan.fdl2.id, plan.fdl2.bytes.length);
  await loadFdl2(link, exchange, plan.fdl2, { timeouts, ...retryEvents(plan.fdl2.id, events) });
  events.onFileDone();
  events.onStage('fdl2');
  events.onLeft('unknown');
  const loader = new Fdl2(link, exchange, timeouts);
  try {
    await writeAll(loader, plan.steps, options);
  } catch (error) {
    if (await loader.abandon()) events.onLeft('restarted');
    throw error;
  }
  events.onLeft('written');
  events.onStage('reset');
  await loader.reset();
}

async function writeAll(loader: Fdl2, steps: readonly FlashStep[], options: NativeFlashOptions): Promise<void> {
  const { events, signal, verify } = options;
  const written: string[] = [];
  for (const step of steps) {
    stopIfAsked(signal, step, written);
    events.onFile(step.item.id, step.item.bytes.length);
    await writeStep(loader, step, events);
    events.onFileDone();
    written.push(step.item.id);
  }
  if (verify)
    for (const { item } of steps.filter(isReadable)) await loader.verify(item, (count) => events.onBytes(count));
}

async function writeStep(loader: Fdl2, { kind, item }: FlashStep, events: NativeFlashEvents): Promise<void> {
  if (kind === 'data') await loader.write(item, retryEvents(item.id, events));
  else await loader.erase(item.id, item.address, item.roomBytes);
}

/** Flash can be read back; the services of FDL2 (files, formats) cannot. */
export function isReadable({ kind, item }: FlashStep): boolean {
  return kind === 'data' && item.address < 0xfe00_0000;
}

function retryEvents(
  id: string,
  events: NativeFlashEvents,
): { onBytes: (count: number) => void; onRetry: (reason: string) => void } {
  return { onBytes: (count) => events.onBytes(count), onRetry: (reason) => events.onRetry(id, reason) };
}

function stopIfAsked(signal: AbortSignal | undefined, next: FlashStep, written: readonly string[]): void {
  if (signal?.aborted !== true) return;
  const data = { next: next.item.id, written: [...written] };
  throw new HarnessError('FLASH_INTERRUPTED', `interrupted before ${next.item.id}`, data);
}
