import { basename } from 'node:path';
import { HarnessError } from '../../errors.ts';

export interface SkuSources {
  /** What the user said: --sku. */
  readonly option: string | undefined;
  /** What is known of the module that was named: by the inventory, or since it is virtual. */
  readonly module: string | undefined;
  readonly pacPath: string;
  /** SKUs that we know of: "EG500U-CN". */
  readonly known: readonly string[];
}

export interface ResolvedSku {
  readonly sku: string;
  readonly source: '--sku' | '--module' | 'file name';
}

/**
 * A PAC carries no SKU, and one of another SKU can kill the module: somebody has to say it, and all who say it must agree.
 * @throws HarnessError FLASH_SKU_UNKNOWN, FLASH_SKU_MISMATCH
 */
export function resolveSku(sources: SkuSources): ResolvedSku {
  const claims: readonly (readonly [ResolvedSku['source'], string | undefined])[] = [
    ['--sku', sources.option],
    ['--module', sources.module],
    ['file name', findSkuInName(sources.pacPath, sources.known)],
  ];
  const [first, ...others] = claims.flatMap(([source, sku]) => (sku === undefined ? [] : [{ source, sku }]));
  if (first === undefined) return unknown(sources.pacPath);
  const other = others.find(({ sku }) => plain(sku) !== plain(first.sku));
  if (other === undefined) return first;
  const message = `${first.source} says that the PAC is for ${first.sku}, ${other.source} says ${other.sku}`;
  throw new HarnessError('FLASH_SKU_MISMATCH', message, { wanted: first.sku, found: other.sku });
}

/** "EC200UCNAAR03A09M08" is a revision of EC200U-CN: model and region open it. */
export function isRevisionOf(sku: string, revision: string): boolean {
  return plain(revision).startsWith(plain(sku));
}

function findSkuInName(path: string, known: readonly string[]): string | undefined {
  const name = plain(basename(path));
  const found = known.filter((sku) => name.includes(plain(sku)));
  return found.length === 1 ? found[0] : undefined;
}

function plain(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z0-9]/gu, '');
}

function unknown(pacPath: string): never {
  const message = `${basename(pacPath)} does not tell for which SKU it is; say it with --sku`;
  throw new HarnessError('FLASH_SKU_UNKNOWN', message, { option: '--sku' });
}
