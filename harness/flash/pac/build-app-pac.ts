import { buildPac, type PacPart } from './build-pac.ts';
import type { PacEntryKind } from './pac-layout.ts';
import type { PacFileType } from './read-pac-plan.ts';
import { writePacPlan } from './write-pac-plan.ts';

/** What goes into a PAC, in the order in which it is executed. */
export interface PlannedPart {
  readonly id: string;
  readonly type: PacFileType;
  readonly address: number;
  readonly roomBytes: number;
  readonly fileName?: string;
  readonly checked?: boolean;
  /** Leave out for an operation. */
  readonly bytes?: Uint8Array;
}

const PRODUCT = 'UIX8910_MODEM';

/** A whole PAC: container, entries and plan. With loaders and an application it is what a QuecOpen build makes. */
export function buildPlannedPac(alias: string, parts: readonly PlannedPart[]): Buffer {
  const xml = writePacPlan(
    PRODUCT,
    parts.map((part) => ({
      ...part,
      hasData: part.bytes !== undefined,
      mandatory: part.type === 'HOST_FDL' || part.type === 'FDL2',
    })),
  );
  return buildPac({
    product: PRODUCT,
    productVersion: '8910 MODULE',
    alias,
    parts: [...parts.map(partOf), xmlPart(xml)],
  });
}

/** The loaders and one application at the addresses of the EC200U/EG500U flash map, and files for the file system if any. */
export function buildAppPac(
  alias: string,
  images: {
    readonly fdl1: Uint8Array;
    readonly fdl2: Uint8Array;
    readonly app?: Uint8Array;
    readonly prepack?: Uint8Array;
  },
): Buffer {
  return buildPlannedPac(alias, [
    {
      id: 'HOST_FDL',
      type: 'HOST_FDL',
      address: 0x80_00c0,
      roomBytes: 0xff40,
      fileName: 'fdl1.img',
      bytes: images.fdl1,
    },
    { id: 'FDL2', type: 'FDL2', address: 0x81_0000, roomBytes: 0x3_0000, fileName: 'fdl2.img', bytes: images.fdl2 },
    ...(images.app === undefined
      ? []
      : [
          {
            id: 'APPIMG',
            type: 'CODE',
            address: 0x6025_0000,
            roomBytes: 0x12_0000,
            fileName: 'app.img',
            bytes: images.app,
          } as const,
        ]),
    ...(images.prepack === undefined
      ? []
      : [
          {
            id: 'PREPACK',
            type: 'CODE',
            address: 0xfe00_0004,
            roomBytes: 0,
            fileName: 'files.cpio',
            bytes: images.prepack,
          } as const,
        ]),
  ]);
}

function partOf(part: PlannedPart): PacPart {
  const kind: PacEntryKind = part.bytes === undefined ? 'operation' : 'data';
  return {
    kind,
    id: part.id,
    fileName: part.fileName ?? '',
    checked: part.checked ?? true,
    address: part.address,
    bytes: part.bytes ?? new Uint8Array(0),
  };
}

function xmlPart(xml: Buffer): PacPart {
  return { kind: 'xml', id: '', fileName: `${PRODUCT}.xml`, checked: false, address: 0, bytes: xml };
}
