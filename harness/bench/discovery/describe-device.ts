import { stringify } from 'yaml';
import type { IdentifiedDevice } from './identify-device.ts';

/** A device in lines of text: where it is, who it is, its ports. */
export function describeDevice({ usb, id, kind, ports, note, identity, trouble }: IdentifiedDevice): readonly string[] {
  const who = identity === undefined ? WORDS[kind] : `${identity.sku} (${identity.revision})`;
  const paths = Object.entries(ports).map(([role, path]) => `${role} ${path}`);
  return [
    `${usb.usbPath}  ${id}  ${who}`,
    ...(paths.length === 0 ? [] : [`  ports: ${paths.join(', ')}`]),
    ...(identity?.firmware === 'at'
      ? ['  firmware: standard AT, which runs no application: no shim can be on it']
      : []),
    ...(note === undefined ? [] : [`  note: ${note}`]),
    ...(trouble === undefined ? [] : [`  not identified: ${trouble}`]),
  ];
}

const WORDS = { module: 'a module', download: 'a module in download mode', refused: 'not a module of this family' };

/** An entry for bench.yaml; undefined for what can't be one. */
export function inventoryEntry({ usb, kind, identity }: IdentifiedDevice): string | undefined {
  if (kind !== 'module' || identity === undefined) return undefined;
  const { sku, imei } = identity;
  const name = `${sku}-${imei.slice(-4)}`.toLowerCase();
  const entry = { name, usb: usb.usbPath, ...(imei === '' ? {} : { imei }), ...(sku === 'unknown' ? {} : { sku }) };
  // Quoted, or an IMEI would be a number.
  return stringify([entry], { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' });
}

/** What programs read. */
export function deviceToJson({ usb, id, kind, ports, note, identity, trouble }: IdentifiedDevice): object {
  return { usbPath: usb.usbPath, id, kind, ports, note, identity, trouble };
}
