import { type BenchHost, benchHost } from '../harness/bench/discovery/bench-host.ts';
import { deviceToJson, inventoryEntry } from '../harness/bench/discovery/describe-device.ts';
import { discoverDevices } from '../harness/bench/discovery/discover-devices.ts';
import { type IdentifiedDevice, identifyDevice } from '../harness/bench/discovery/identify-device.ts';
import { watchDevices } from '../harness/bench/discovery/watch-devices.ts';
import type { BenchModule } from '../harness/bench/inventory/inventory.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { deviceLine, deviceLines } from './device-lines.ts';
import { endOnSignal } from './end-on-signal.ts';
import { paintFor } from './paint.ts';
import { readBench } from './parse-modules.ts';

export interface DevicesArguments {
  readonly json: boolean;
  readonly watch: boolean;
  readonly root: string | undefined;
}

const paint = paintFor(process.stdout);

/** @returns the exit code: 5 if nothing is plugged in */
export async function devices({ json, watch, root }: DevicesArguments): Promise<number> {
  const host = benchHost('qlhil devices', root);
  const bench = readBench(undefined);
  if (watch) return await follow(host, bench, json);
  const attached = await discoverDevices(host.source);
  const found = await Promise.all(attached.map((device) => identifyDevice(device, host)));
  print(json ? JSON.stringify(found.map(deviceToJson), null, 2) : describe(found, bench));
  return found.some(({ kind }) => kind !== 'refused') ? EXIT.passed : EXIT.nothingRan;
}

async function follow(host: BenchHost, bench: readonly BenchModule[], json: boolean): Promise<number> {
  using end = endOnSignal();
  for await (const { change, device } of watchDevices(host, end.signal)) {
    if (json) {
      print(JSON.stringify({ change, ...deviceToJson(device) }));
      continue;
    }
    const time = new Date().toTimeString().slice(0, 8);
    if (change === 'unplugged') print(`${time} ${paint('bad', '-')} ${deviceLine(device, paint)}`);
    else print(`${time} ${paint('good', '+')} ${deviceLines(device, bench, paint).join('\n')}`);
  }
  return EXIT.passed;
}

function describe(found: readonly IdentifiedDevice[], bench: readonly BenchModule[]): string {
  if (found.length === 0) return 'no module is plugged in: look at cable and power, give it 20 s, then docs/bench.md';
  const lines = found.flatMap((device) => [...deviceLines(device, bench, paint), '']);
  const fresh = found.filter(({ usb }) => !bench.some((entry) => entry.usb === usb.usbPath));
  const entries = fresh.map(inventoryEntry).filter((entry) => entry !== undefined);
  if (entries.length === 0) return lines.join('\n').trimEnd();
  return [
    ...lines,
    paint('faint', '# for bench.yaml; then: qlhil doctor --module NAME'),
    'modules:',
    indent(entries.join('')),
  ].join('\n');
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gmu, '  ');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
