import { HarnessError } from '../errors.ts';
import type { RecordedGroup } from './run-view.ts';

export interface PairedRecords {
  readonly pairs: readonly { readonly old: RecordedGroup; readonly fresh: RecordedGroup }[];
  /** A sentence for each kind of module that only one of the two runs has. */
  readonly unpaired: readonly string[];
}

/**
 * Which record of a run is to be compared with which of another: modules named by the same words, else of the same SKU. Two runs of
 * one kind each are compared whatever they are.
 *
 * @throws HarnessError CONFIGURATION — nothing fits
 */
export function pairRecords(old: readonly RecordedGroup[], fresh: readonly RecordedGroup[]): PairedRecords {
  const left = [...old];
  const take = (fits: (group: RecordedGroup) => boolean) => {
    const index = left.findIndex(fits);
    return index === -1 ? undefined : left.splice(index, 1)[0];
  };
  const isOnlyPair = old.length === 1 && fresh.length === 1;
  const taken = fresh.map((group) => ({
    fresh: group,
    old: take(({ record }) => record.module.spec === group.record.module.spec),
  }));
  const all = taken.map(({ fresh: group, old: partner }) => ({
    fresh: group,
    old: partner ?? take(({ record }) => isOnlyPair || record.module.sku === group.record.module.sku),
  }));
  const pairs = all.flatMap(({ fresh: group, old: partner }) => (partner ? [{ old: partner, fresh: group }] : []));
  if (pairs.length === 0) throw nothingFits(old, fresh);
  const alone = all.filter(({ old: partner }) => partner === undefined).map(({ fresh: group }) => group);
  return {
    pairs,
    unpaired: [
      ...left.map((group) => `${nameOf(group)} is in the old run only: it is not compared`),
      ...alone.map((group) => `${nameOf(group)} is in the new run only: it is not compared`),
    ],
  };
}

function nameOf({ record }: RecordedGroup): string {
  return record.module.spec;
}

function nothingFits(old: readonly RecordedGroup[], fresh: readonly RecordedGroup[]): HarnessError {
  const [before, now] = [old, fresh].map((groups) => groups.map(nameOf).join(', '));
  const message = `no module of one run is in the other (old: ${before}; new: ${now}): name the folders of the kinds to compare, <run>/1-…`;
  return new HarnessError('CONFIGURATION', message, { subject: 'compare' });
}
