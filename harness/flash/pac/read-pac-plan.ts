import { refusePac } from '../refuse-pac.ts';
import type { PacContainer, PacEntry } from './pac-layout.ts';
import { scanXml, type XmlElement } from './scan-xml.ts';

export const PAC_FILE_TYPES = ['HOST_FDL', 'FDL2', 'CODE', 'NV', 'EraseFlash'] as const;

export type PacFileType = (typeof PAC_FILE_TYPES)[number];

/** One `File` of the plan, with the bytes that the container holds for it. */
export interface PacItem {
  readonly id: string;
  readonly type: PacFileType;
  /** Load, flash or logic address. */
  readonly address: number;
  /** Room at that address, or for operations their second word; 0 where the plan tells none. */
  readonly roomBytes: number;
  /** Has bytes to write; otherwise an operation. */
  readonly hasData: boolean;
  /** The plan says that it must not be left out. */
  readonly mandatory: boolean;
  /** Selected by default. */
  readonly checked: boolean;
  readonly fileName: string;
  readonly bytes: Buffer;
}

export interface PacPlan {
  readonly product: string;
  /** In the order in which tools execute them. */
  readonly items: readonly PacItem[];
  /** NV item ids that must survive, as the XML tells them; 0xFFFFFFFF means "decided by name". */
  readonly nvBackup: readonly { readonly name: string; readonly id: number }[];
  readonly warnings: readonly string[];
}

/**
 * Joins the XML plan of a PAC with its entries and refuses whatever the two disagree on.
 * @throws HarnessError FLASH_PAC_INVALID
 */
export function readPacPlan(pac: PacContainer): PacPlan {
  if (pac.xml === undefined) return refusePac('not a usable PAC', 'it has no XML plan');
  const root = scanXml(pac.xml);
  if (root.name !== 'BMAConfig') refusePac('not a usable PAC', `its plan starts with <${root.name}>`);
  const product = only(only(root, 'ProductList'), 'Product');
  const scheme = only(only(root, 'SchemeList'), 'Scheme');
  const schemeName = childText(product, 'SchemeName');
  if (schemeName !== scheme.attributes.get('name'))
    refusePac('not a usable PAC', `its plan wants the scheme "${schemeName}" and holds another one`);
  const items = scheme.children.filter(isFile).map((file) => itemOf(file, pac.entries));
  const listed = new Set(items.map((item) => item.id));
  if (listed.size !== items.length) refusePac('not a usable PAC', 'its plan lists a file twice');
  const warnings = pac.entries
    .filter((entry) => entry.kind !== 'xml' && !listed.has(entry.id))
    .map((entry) => `"${entry.id}" is in the PAC and not in its plan: never written`);
  return { product: product.attributes.get('name') ?? '', items, nvBackup: nvBackupOf(product), warnings };
}

function isFile(element: XmlElement): boolean {
  return element.name === 'File';
}

function itemOf(file: XmlElement, entries: readonly PacEntry[]): PacItem {
  const id = childText(file, 'ID');
  const type = typeOf(childText(file, 'Type'), id);
  const block = only(file, 'Block');
  const address = number(childText(block, 'Base'), `Base of ${id}`);
  const roomBytes = number(childText(block, 'Size'), `Size of ${id}`);
  const hasData = number(childText(file, 'Flag'), `Flag of ${id}`) === 1;
  const entry = entries.find((candidate) => candidate.id === id);
  if (entry === undefined) return refusePac('not a usable PAC', `its plan lists "${id}" and the PAC has no such entry`);
  if (hasData !== (entry.kind === 'data'))
    refusePac('not a usable PAC', `plan and entry disagree on whether "${id}" has data`);
  if (entry.address !== address)
    refusePac(
      'not a usable PAC',
      `plan and entry disagree on the address of "${id}": ${hex(address)} and ${hex(entry.address)}`,
    );
  if (hasData && roomBytes !== 0 && entry.bytes.length > roomBytes)
    refusePac('not a usable PAC', `"${id}" has ${entry.bytes.length} bytes and its plan has room for ${roomBytes}`);
  return {
    id,
    type,
    address,
    roomBytes,
    hasData,
    mandatory: number(childText(file, 'CheckFlag'), `CheckFlag of ${id}`) === 1,
    checked: entry.checked,
    fileName: entry.fileName,
    bytes: entry.bytes,
  };
}

function nvBackupOf(product: XmlElement): PacPlan['nvBackup'] {
  const backup = product.children.find((element) => element.name === 'NVBackup');
  return (backup?.children ?? [])
    .filter((element) => element.name === 'NVItem' && element.attributes.get('backup') === '1')
    .map((item) => ({ name: item.attributes.get('name') ?? '', id: number(childText(item, 'ID'), 'ID of an NVItem') }));
}

function typeOf(value: string, id: string): PacFileType {
  return (
    PAC_FILE_TYPES.find((type) => type === value) ??
    refusePac('not a usable PAC', `"${id}" has the unknown type "${value}"`)
  );
}

function only(parent: XmlElement, name: string): XmlElement {
  const [child, ...more] = parent.children.filter((element) => element.name === name);
  if (child === undefined || more.length > 0)
    return refusePac(
      'not a usable PAC',
      `its plan has ${more.length === 0 ? 'no' : 'more than one'} <${name}> in <${parent.name}>`,
    );
  return child;
}

function childText(parent: XmlElement, name: string): string {
  return only(parent, name).text;
}

function number(value: string, what: string): number {
  if (!/^(?:0[xX][0-9a-fA-F]{1,8}|[0-9]{1,9})$/u.test(value))
    refusePac('not a usable PAC', `${what} is "${value.slice(0, 40)}", not a number`);
  return Number(value);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
