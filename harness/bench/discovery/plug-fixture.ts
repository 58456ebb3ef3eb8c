import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import type { UsbRoots } from '../../flash/target/scan-usb.ts';
import { packageRoot } from '../package-root.ts';

const fixture = v.record(v.string(), v.string());

/** Lays out one of `fixtures/sysfs` (files by path below /sys) in a folder, as a machine with that plugged in has it. */
export function plugFixture(name: string, folder: string): UsbRoots {
  const text = readFileSync(join(packageRoot, 'fixtures', 'sysfs', `${name}.json`), 'utf8');
  const sys = join(folder, 'sys');
  for (const [path, content] of Object.entries(v.parse(fixture, JSON.parse(text)))) {
    mkdirSync(dirname(join(sys, path)), { recursive: true });
    writeFileSync(join(sys, path), `${content}\n`);
  }
  return { sys, dev: '/dev' };
}
