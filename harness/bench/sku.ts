import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { asError, HarnessError } from '../errors.ts';
import { packageRoot } from './package-root.ts';

const skuSchema = v.strictObject({
  sku: v.string(),
  /** As `AT+CGMM` says it: without the region. */
  model: v.string(),
  /** What a virtual module of this SKU reports. */
  revision: v.string(),
  /** The SDK generation that a virtual module of this SKU is built with. */
  sdk: v.picklist(['manual', 'r03']),
  usb: v.strictObject({ vendor: v.string(), product: v.string() }),
  limits: v.strictObject({ clients: v.number(), requestsInFlight: v.number(), payloadBytes: v.number() }),
  capabilities: v.array(v.string()),
  note: v.string(),
});

export type Sku = v.InferOutput<typeof skuSchema>;
export type SdkGeneration = Sku['sdk'];

/**
 * The SKUs that the harness knows, one file each in `fixtures/skus`.
 *
 * @throws HarnessError CONFIGURATION — a file is not of that shape
 */
export function readSkus(folder: string = join(packageRoot, 'fixtures', 'skus')): readonly Sku[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.toSorted().map((name) => readSku(join(folder, name)));
}

function readSku(path: string): Sku {
  try {
    return v.parse(skuSchema, JSON.parse(readFileSync(path, 'utf8')));
  } catch (thrown) {
    const why = asError(thrown).message;
    throw new HarnessError('CONFIGURATION', `${path} is not a SKU: ${why}`, { subject: path }, { cause: thrown });
  }
}

const REVISION = /^(E[CG]\d{3}[A-Z])([A-Z]{2,3})([A-Z]{2})R(\d{2})A(\d{2})M(\d{2})((?:_[A-Z0-9]+)*)$/u;

/** `EC200U-CN` of `EC200UCNAAR03A07M08_OCPU`: the region is in the revision only. Undefined if it is no revision of the family. */
export function findSkuOfRevision(revision: string): string | undefined {
  const [, model, region] = REVISION.exec(revision) ?? [];
  return model === undefined || region === undefined ? undefined : `${model}-${region}`;
}
