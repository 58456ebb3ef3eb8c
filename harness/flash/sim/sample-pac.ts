import { buildAppImage } from '../image/app-image.ts';
import { buildPrepack } from '../image/prepack.ts';
import { buildUImage } from '../image/u-image.ts';
import { buildAppPac } from '../pac/build-app-pac.ts';
import { revisionPayload } from './boot-outcome.ts';

export interface SamplePac {
  readonly pac: Buffer;
  readonly fdl1: Buffer;
  readonly fdl2: Buffer;
  readonly app: Buffer;
  readonly prepack: Buffer | undefined;
}

export interface SamplePacOptions {
  readonly revision: string;
  /** The size of an EC200U's own loaders and a small application. */
  readonly sizes?: { readonly fdl1: number; readonly fdl2: number; readonly app: number };
  readonly files?: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  readonly seed?: number;
}

/**
 * A whole application PAC with made-up contents, rich in bytes that must be escaped. A virtual or simulated module that is
 * flashed with it reports `revision` afterwards.
 */
export function samplePac({
  revision,
  sizes = { fdl1: 13_504, fdl2: 59_680, app: 150_000 },
  files,
  seed = 1,
}: SamplePacOptions): SamplePac {
  const fdl1 = buildUImage(filler(sizes.fdl1, seed), { load: 0x80_00c0, name: 'fdl1' });
  const fdl2 = buildUImage(filler(sizes.fdl2, seed + 1), { load: 0x81_0000, name: 'fdl2' });
  const app = buildAppImage(revisionPayload(revision, filler(sizes.app, seed + 2)));
  const prepack = files === undefined ? undefined : buildPrepack(files);
  const pac = buildAppPac('qlhil sample', { fdl1, fdl2, app, ...(prepack === undefined ? {} : { prepack }) });
  return { pac, fdl1, fdl2, app, prepack };
}

/** Bytes that look like code to a protocol: one in eight is a flag or an escape. */
function filler(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = (seed * 2_654_435_761) >>> 0;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 29 === 0 ? 0x7d + ((state >>> 8) & 1) : state >>> 16;
  }
  return bytes;
}
