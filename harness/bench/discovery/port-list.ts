import type { UsbDevice } from '../../flash/target/flash-host.ts';
import type { ListedPort } from '../../transport/serial.ts';
import type { DeviceSource } from './device-source.ts';

/** Of a port whose system does not tell its interface. */
export const UNKNOWN_INTERFACE = -1;

/** Where there is no sysfs: what the operating system says of its serial ports. */
export function portListSource(listPorts: () => Promise<readonly ListedPort[]>): DeviceSource {
  return {
    list: async () => devicesOfPorts(await listPorts()),
    nameOf: async ({ usbPath }) => {
      const port = (await listPorts()).find((listed) => placeOf(listed) === usbPath);
      return /gadget/iu.test(port?.manufacturer ?? '') ? (port?.manufacturer ?? '') : '';
    },
  };
}

/** Ports of one place are one device. Those that are on no USB, and devices whose ports have no driver, are not in such a list. */
export function devicesOfPorts(ports: readonly ListedPort[]): readonly UsbDevice[] {
  const devices = new Map<string, UsbDevice>();
  for (const port of ports) {
    const [vendorId, productId] = [hexOf(port.vendorId), hexOf(port.productId)];
    if (vendorId === undefined || productId === undefined) continue;
    const usbPath = placeOf(port);
    const name = `${usbPath} ${vendorId} ${productId}`;
    const before = devices.get(name)?.ports ?? [];
    const found = [...before, { interfaceNumber: interfaceOf(port), path: port.path }];
    // The system does not count enumerations: a module that comes back under another name is another device.
    devices.set(name, { usbPath, deviceNumber: 0, vendorId, productId, ports: found.toSorted(byInterface) });
  }
  return [...devices.values()];
}

/** Windows names the interface `MI_08`, udev's links `-if08`; macOS does not tell it. */
function interfaceOf({ pnpId = '' }: ListedPort): number {
  const [, digits] = /(?:&MI_|-if)([0-9a-f]{2})/iu.exec(pnpId) ?? [];
  return digits === undefined ? UNKNOWN_INTERFACE : Number.parseInt(digits, 16);
}

/** What all ports of a device share: on Windows the middle of the instance, without the interface; else the location. */
function placeOf({ pnpId = '', locationId, serialNumber, path }: ListedPort): string {
  const [, instance] = /^USB\\.*&MI_..\\(.*)&[^&]*$/iu.exec(pnpId) ?? [];
  return instance ?? locationId ?? serialNumber ?? path;
}

function hexOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9a-f]{1,4}$/iu.test(text) ? Number.parseInt(text, 16) : undefined;
}

function byInterface(a: { readonly interfaceNumber: number }, b: { readonly interfaceNumber: number }): number {
  return a.interfaceNumber - b.interfaceNumber;
}
