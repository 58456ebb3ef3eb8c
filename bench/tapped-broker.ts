import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker } from '../broker/broker.ts';
import { systemClock } from '../harness/clock.ts';
import { TRACE_HEADER } from '../harness/oracle/trace-builder.ts';
import { Timeline } from '../harness/timeline/timeline.ts';

// What a scenario has between module and aedes: tap, linter and timeline. Prints the port; ends with its standard input.
const folder = mkdtempSync(join(tmpdir(), 'qlhil-bench-broker-'));
const timeline = Timeline.open(join(folder, 'timeline.ndjson'), TRACE_HEADER, { clock: systemClock, hashKey: 'bench' });
const broker = await Broker.open({
  onEvent: (event) => void timeline.broker(event),
  clock: () => systemClock.nowMs(),
});
const { port } = await broker.listen({ address: '127.0.0.1', port: 0, peer: 'aedes' });
process.stdout.write(`${port}\n`);
process.stdin.resume().on('end', () => {
  timeline.close();
  rmSync(folder, { recursive: true });
  process.exit();
});
