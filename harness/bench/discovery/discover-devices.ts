import { isDownload, isModule, type UsbDevice } from '../../flash/target/flash-host.ts';
import type { DeviceSource } from './device-source.ts';
import { findPortRole, type PortRole } from './port-role.ts';

/** Something on USB that is a module, was one a moment ago, or may be taken for one. */
export interface AttachedDevice {
  readonly usb: UsbDevice;
  /** `vvvv:pppp`, as lsusb prints it. */
  readonly id: string;
  readonly kind: 'module' | 'download' | 'refused';
  readonly ports: Readonly<Partial<Record<PortRole, string>>>;
  /** Why it is refused, or what one should know of it. */
  readonly note?: string;
}

const QUECTEL = 0x2c7c;
const ASR_DOWNLOAD = { vendorId: 0x2ecc, productIds: [0x3004, 0x3017] };
const ASR_SIBLINGS = [0x6001];

/** What is attached, by USB path; whatever has nothing to do with modules is left out. */
export async function discoverDevices(source: DeviceSource): Promise<readonly AttachedDevice[]> {
  const attached = await Promise.all((await source.list()).map(async (usb) => await classify(usb, source)));
  return attached.filter((device) => device !== undefined).toSorted(byUsbPath);
}

async function classify(usb: UsbDevice, source: DeviceSource): Promise<AttachedDevice | undefined> {
  const described = { usb, id: idOf(usb), ports: portsByRole(usb) };
  if (isModule(usb)) {
    return { ...described, kind: 'module', ...noteOnPorts(usb, described.ports) };
  }
  if (isDownload(usb)) return { ...described, ...(await judgeDownload(usb, source)) };
  if (usb.vendorId === ASR_DOWNLOAD.vendorId && ASR_DOWNLOAD.productIds.includes(usb.productId)) {
    return { ...described, kind: 'refused', note: 'an ASR module in download mode: another platform' };
  }
  if (usb.vendorId !== QUECTEL) return undefined;
  const note = ASR_SIBLINGS.includes(usb.productId)
    ? 'an ASR sibling (EC600N): another platform, whatever its name says'
    : 'a Quectel module of another family';
  return { ...described, kind: 'refused', note };
}

function noteOnPorts(usb: UsbDevice, byRole: AttachedDevice['ports']): Pick<AttachedDevice, 'note'> {
  if (usb.ports.length === 0) return { note: 'no driver has taken its ports (docs/bench.md, "No ports")' };
  if (Object.keys(byRole).length > 0) return {};
  const paths = usb.ports.map(({ path }) => path).join(', ');
  return { note: `this system does not tell which is which of its ports: ${paths}` };
}

/** The boot ROM has no strings; Linux' own gadget, under the same id, says what it is. */
async function judgeDownload(usb: UsbDevice, source: DeviceSource): Promise<Pick<AttachedDevice, 'kind' | 'note'>> {
  const product = await source.nameOf(usb);
  if (product !== '') return { kind: 'refused', note: `not a module: it calls itself '${product}'` };
  return {
    kind: 'download',
    note: 'in download mode, if a module was plugged in here: Linux gadgets have this id, too',
  };
}

function portsByRole({ ports }: UsbDevice): AttachedDevice['ports'] {
  const found = ports.flatMap(({ interfaceNumber, path }) => {
    const role = findPortRole(interfaceNumber);
    return role === undefined ? [] : [[role, path] as const];
  });
  return Object.fromEntries(found);
}

function idOf({ vendorId, productId }: UsbDevice): string {
  const hex = (value: number) => value.toString(16).padStart(4, '0');
  return `${hex(vendorId)}:${hex(productId)}`;
}

/** 1-1.3 before 1-1.10. */
function byUsbPath(a: AttachedDevice, b: AttachedDevice): number {
  return a.usb.usbPath.localeCompare(b.usb.usbPath, 'en', { numeric: true });
}
