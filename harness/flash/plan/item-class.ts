import type { PacItem } from '../pac/read-pac-plan.ts';

/** What writing an item can cost. */
export type ItemClass =
  | 'loader'
  | 'application'
  | 'files'
  | 'format'
  | 'core'
  | 'nv'
  | 'production'
  | 'chip'
  | 'unknown';

const APP_FIRST = 0x6025_0000;
/** Where the largest known application area ends and the user file system starts. */
const APP_LIMIT = 0x6037_0000;
const EXTERNAL_FIRST = 0x7000_0000;
const EXTERNAL_LIMIT = 0x7200_0000;

const CLASS_OF_SERVICE = new Map<number, ItemClass>([
  [0xfe00_0001, 'nv'],
  [0xfe00_0002, 'production'],
  [0xfe00_0003, 'nv'],
  [0xfe00_0004, 'files'],
  [0xfe00_0005, 'application'],
  [0xfe00_0006, 'format'],
]);

/**
 * Judged by where an item goes, not by what it is called: an "APPIMG" at the address of the bootloader is core. The
 * application area is that of the published flash maps; what lies elsewhere needs the user's word.
 */
export function classOf(item: PacItem): ItemClass {
  if (item.type === 'HOST_FDL' || item.type === 'FDL2') return 'loader';
  if (item.type === 'NV') return 'nv';
  const service = CLASS_OF_SERVICE.get(item.address);
  if (service !== undefined) return service;
  const end = item.address + Math.max(item.roomBytes, item.bytes.length, 1);
  if (item.address === 0) return 'chip';
  if (item.address >= APP_FIRST && end <= APP_LIMIT) return 'application';
  if (item.address >= EXTERNAL_FIRST && end <= EXTERNAL_LIMIT && /APPIMG/u.test(item.id)) return 'application';
  if (item.address >= 0x6000_0000 && end <= EXTERNAL_LIMIT) return 'core';
  return 'unknown';
}
