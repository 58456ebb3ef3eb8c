import { buildFirmware } from '../../harness/bench/firmware-build.ts';
import { parseModuleSpec } from '../../harness/bench/module-spec.ts';
import { readSkus } from '../../harness/bench/sku.ts';
import { readVirtualCatalogue } from '../../harness/bench/virtual-catalogue.ts';
import { VirtualModule, type VirtualModuleOptions } from '../../harness/bench/virtual-module.ts';

type StartOptions = Pick<VirtualModuleOptions, 'folder'> &
  Partial<Pick<VirtualModuleOptions, 'seed' | 'copy' | 'bootRom'>>;

/**
 * For tests and benches: starts a virtual module outside of any run, as one that stands on a bench.
 *
 * @param text as on the command line: `virtual…`
 */
export async function startVirtual(text: string, options: StartOptions): Promise<VirtualModule> {
  const spec = parseModuleSpec(text, { ...readVirtualCatalogue(), skus: readSkus() });
  if (spec.kind !== 'virtual') throw new TypeError(`${text} is not virtual`);
  const binary = await buildFirmware(spec.sdk);
  return await VirtualModule.start({ seed: 1, copy: 1, ...options, spec, binary });
}
