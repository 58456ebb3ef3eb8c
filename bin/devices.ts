import { type BenchHost, benchHost } from '../harness/bench/discovery/bench-host.ts';
import { describeDevice, deviceToJson, inventoryEntry } from '../harness/bench/discovery/describe-device.ts';
import { discoverDevices } from '../harness/bench/discovery/discover-devices.ts';
import { type IdentifiedDevice, identifyDevice } from '../harness/bench/discovery/identify-device.ts';
import { watchDevices } from '../harness/bench/discovery/watch-devices.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { endOnSignal } from './end-on-signal.ts';

export interface DevicesArguments {
  readonly json: boolean;
  readonly watch: boolean;
  readonly root: string | undefined;
}

/** @returns the exit code: 5 if nothing is plugged in */
export async function devices({ json, watch, root }: DevicesArguments): Promise<number> {
  const host = benchHost('qlhil devices', root);
  if (watch) return await follow(host, json);
  const attached = await discoverDevices(host.source);
  const found = await Promise.all(attached.map((device) => identifyDevice(device, host)));
  print(json ? JSON.stringify(found.map(deviceToJson), null, 2) : describe(found));
  return found.some(({ kind }) => kind !== 'refused') ? EXIT.passed : EXIT.nothingRan;
}

async function follow(host: BenchHost, json: boolean): Promise<number> {
  using end = endOnSignal();
  for await (const { change, device } of watchDevices(host, end.signal)) {
    const lines = describeDevice(device);
    print(json ? JSON.stringify({ change, ...deviceToJson(device) }) : `${change}: ${lines.join('\n')}`);
  }
  return EXIT.passed;
}

function describe(found: readonly IdentifiedDevice[]): string {
  if (found.length === 0) return 'no module is plugged in (docs/bench.md tells what to look at)';
  const entries = found.map(inventoryEntry).filter((entry) => entry !== undefined);
  const lines = found.flatMap(describeDevice);
  if (entries.length > 0) lines.push('', '# for bench.yaml:', 'modules:', indent(entries.join('')));
  return lines.join('\n');
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gmu, '  ');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
