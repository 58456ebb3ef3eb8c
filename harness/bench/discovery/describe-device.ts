import { Document, Scalar } from 'yaml';
import type { IdentifiedDevice } from './identify-device.ts';

/** An entry for bench.yaml; undefined for what can't be one. */
export function inventoryEntry({ usb, kind, identity }: IdentifiedDevice): string | undefined {
  if (kind !== 'module' || identity === undefined) return undefined;
  const { sku, imei } = identity;
  const entry = {
    name: `${sku}${imei === '' ? '' : `-${imei.slice(-4)}`}`.toLowerCase(),
    usb: quoted(usb.usbPath),
    ...(imei === '' ? {} : { imei: quoted(imei) }),
    ...(sku === 'unknown' ? {} : { sku }),
  };
  const document = new Document([entry]);
  document.comment = ' broker: { host: <this machine as the module sees it>, listen: 0.0.0.0 }';
  return document.toString().replace(/\n+#/u, '\n  #');
}

/** Or an IMEI would be a number. */
function quoted(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/** What programs read. */
export function deviceToJson({ usb, id, kind, ports, note, identity, trouble }: IdentifiedDevice): object {
  return { usbPath: usb.usbPath, id, kind, ports, note, identity, trouble };
}
