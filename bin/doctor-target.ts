import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchHost } from '../harness/bench/discovery/bench-host.ts';
import type { VisitOptions } from '../harness/bench/doctor/visit.ts';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { moduleKey } from '../harness/bench/lock/module-key.ts';
import { parseModuleSpec, type VirtualSpec } from '../harness/bench/module-spec.ts';
import { readSkus } from '../harness/bench/sku.ts';
import { readVirtualCatalogue } from '../harness/bench/virtual-catalogue.ts';
import { VirtualModule } from '../harness/bench/virtual-module.ts';
import { readBench } from './parse-modules.ts';
import { readListen } from './read-option.ts';
import { usageError } from './usage-error.ts';

const LOOPBACK = '127.0.0.1';
const VIRTUAL_BROKER = { host: LOOPBACK, listen: LOOPBACK };
const USB_PATH = /^\d+-\d+(?:\.\d+)*$/u;
const WHY = 'qlhil doctor';

export interface DoctorWords {
  readonly module: string | undefined;
  readonly bench: string | undefined;
  readonly root: string | undefined;
  readonly 'broker-host': string | undefined;
  readonly listen: string | undefined;
  readonly apn: string | undefined;
}

/** What doctor is to look at; a virtual module that was started for it ends with it. */
export interface DoctorTarget extends AsyncDisposable {
  readonly options: VisitOptions;
  readonly virtual: VirtualModule | undefined;
}

/** @throws HarnessError CONFIGURATION — no module of that name; CHILD_FAILED — a virtual module does not start */
export async function doctorTarget(words: DoctorWords): Promise<DoctorTarget> {
  const { module } = words;
  if (module !== undefined && /^virtual(?:$|[:?])/u.test(module)) return await startVirtual(module);
  const common = { folder: process.cwd(), nowMs: () => Date.now() };
  const host = benchHost(WHY, words.root);
  const options = { ...common, host, ...brokerOf(words), ...apnOf(words.apn), ...(await named(module, words)) };
  return { options, virtual: undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
}

function brokerOf({ 'broker-host': host, listen, root }: DoctorWords): Pick<VisitOptions, 'broker'> {
  if (host !== undefined) return { broker: { host, listen: readListen(listen ?? LOOPBACK) } };
  return root === undefined ? {} : { broker: VIRTUAL_BROKER };
}

function apnOf(apn: string | undefined): Pick<VisitOptions, 'apn'> {
  return apn === undefined ? {} : { apn };
}

type Named = Pick<VisitOptions, 'usbPath' | 'expected' | 'broker' | 'apn'>;

async function named(module: string | undefined, words: DoctorWords): Promise<Named> {
  if (module === undefined) return {};
  if (USB_PATH.test(module)) return { usbPath: module };
  if (module.startsWith('/')) return { usbPath: await usbPathOf(module) };
  const expected = readBench(words.bench).find(({ name }) => name === module);
  if (expected === undefined) {
    throw usageError(`--module '${module}' is no USB path (1-1.3), no /dev/tty…, not virtual, and not in bench.yaml`);
  }
  const { usb: usbPath, broker, apn } = expected;
  if (usbPath === undefined) throw usageError(`${module} is behind a TCP port: the doctor looks at modules on USB`);
  return {
    usbPath,
    expected,
    ...(broker === undefined || words['broker-host'] !== undefined
      ? {}
      : { broker: { host: broker.host, listen: broker.listen ?? words.listen ?? LOOPBACK } }),
    ...apnOf(words.apn ?? apn),
  };
}

async function usbPathOf(port: string): Promise<string> {
  const key = await moduleKey(port);
  if (USB_PATH.test(key)) return key;
  throw usageError(`--module ${port} is no port of anything on USB (\`qlhil devices\` lists what is)`);
}

async function startVirtual(text: string): Promise<DoctorTarget> {
  const spec = parseModuleSpec(text, { ...readVirtualCatalogue(), skus: readSkus() });
  const binary = await buildFirmware(virtualOf(spec).sdk);
  const folder = mkdtempSync(join(tmpdir(), 'qlhil-doctor-'));
  const home = join(folder, 'module');
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    const virtual = await VirtualModule.start({ spec: virtualOf(spec), binary, folder: home, seed: 1, copy: 1 });
    const options = {
      host: benchHost(WHY, home),
      broker: brokerOfVirtual(virtual),
      folder: process.cwd(),
      nowMs: () => Date.now(),
    };
    const end = async () => {
      await virtual[Symbol.asyncDispose]();
      removeFolder();
    };
    return { options, virtual, [Symbol.asyncDispose]: end };
  } catch (thrown) {
    removeFolder();
    throw thrown;
  }
}

function brokerOfVirtual({ network }: VirtualModule): { readonly host: string; readonly listen: string } {
  return network === undefined ? VIRTUAL_BROKER : { host: network.host, listen: network.host };
}

function virtualOf(spec: ReturnType<typeof parseModuleSpec>): VirtualSpec {
  if (spec.kind === 'virtual') return spec;
  throw usageError(`'${spec.text}' is not virtual`);
}
