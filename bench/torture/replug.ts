import { BenchModule } from '../bench-module.ts';
import { passed } from './disturber.ts';

const BUDGET_MS = 20_000;
const UNPLUGGED_MS = 200;

/** How long it takes from the cable that is plugged in again to the next call that returns, ms. */
export async function measureReplugs(times: number): Promise<readonly number[]> {
  await using bench = await BenchModule.start();
  const { virtual, module } = bench;
  const taken: number[] = [];
  for (let round = 0; round < times; round++) {
    await virtual.control('unplug');
    await passed(UNPLUGGED_MS);
    const call = module.call('mqtt.is_connected', { slot: 0 });
    await virtual.control('plug');
    const pluggedMs = performance.now();
    await (await call).returned(BUDGET_MS);
    taken.push(performance.now() - pluggedMs);
  }
  return taken;
}
