import { basename } from 'node:path';
import type { IdentifiedDevice } from '../harness/bench/discovery/identify-device.ts';
import { describeDifferences } from '../harness/bench/inventory/check-identity.ts';
import type { BenchModule } from '../harness/bench/inventory/inventory.ts';
import type { Paint } from './paint.ts';

/** What one opens; the others are diagnostics and logs. */
const OPENED = ['at', 'nmea', 'modem', 'acm'] as const;
const USE = {
  at: 'AT commands',
  nmea: "the shim's: qlhil run --module",
  modem: "the shim's, where it can't have nmea",
  acm: 'all in one',
} as const;
const WORDS = {
  module: 'a module',
  download: 'perhaps a module in download mode',
  refused: 'refused',
};
const INDENT = ' '.repeat(8);

/** A device that has gone, in one line. */
export function deviceLine(device: IdentifiedDevice, paint: Paint): string {
  return `${device.usb.usbPath.padEnd(7)} ${headline(device, paint)}`;
}

/** A device in lines of text: where it is, who it is, and which of its ports is for what. */
export function deviceLines(device: IdentifiedDevice, bench: readonly BenchModule[], paint: Paint): readonly string[] {
  const { kind, note, identity, trouble } = device;
  const firmware =
    identity?.firmware === 'at' ? ['standard AT firmware, which runs no application: no shim can be on it'] : [];
  return [
    deviceLine(device, paint),
    ...(kind === 'module' ? inventoryLines(device, bench, paint) : []),
    ...[...firmware, ...(trouble === undefined ? [] : [`not identified: ${trouble}`])].map(
      (text) => `${INDENT}${paint('bad', text)}`,
    ),
    ...(note === undefined ? [] : [`${INDENT}${paint(kind === 'module' ? 'bad' : 'faint', note)}`]),
    ...(kind === 'module' ? portLines(device, paint) : []),
  ];
}

function headline({ id, kind, identity }: IdentifiedDevice, paint: Paint): string {
  if (identity === undefined) return `${paint(kind === 'module' ? 'strong' : 'faint', WORDS[kind])}  ${id}`;
  const { sku, revision, imei } = identity;
  return `${paint('strong', sku)}  ${revision}  IMEI ${imei === '' ? 'not told' : imei}`;
}

/** Whether it is one of bench.yaml's, and the right one. */
function inventoryLines(
  { usb, identity }: IdentifiedDevice,
  bench: readonly BenchModule[],
  paint: Paint,
): readonly string[] {
  const expected = bench.find((entry) => entry.usb === usb.usbPath);
  if (expected === undefined) return [];
  const differences = identity === undefined ? [] : describeDifferences(expected, identity);
  if (differences.length === 0) return [`${INDENT}${paint('good', `${expected.name} of bench.yaml`)}`];
  return [`${INDENT}${paint('bad', `bench.yaml has ${expected.name} here: ${differences.join(', ')}`)}`];
}

function portLines({ ports }: IdentifiedDevice, paint: Paint): readonly string[] {
  const opened = OPENED.flatMap((role) => {
    const path = ports[role];
    if (path === undefined) return [];
    return [
      `${INDENT}${role.padEnd(6)} ${path}  ${paint('faint', role === 'nmea' ? `${USE.nmea} ${path}` : USE[role])}`,
    ];
  });
  const others = Object.entries(ports).filter(([role]) => !OPENED.some((name) => name === role));
  const also = others.map(([role, path]) => `${role} ${basename(path)}`).join(', ');
  return also === '' ? opened : [...opened, `${INDENT}${paint('faint', `also   ${also}`)}`];
}
