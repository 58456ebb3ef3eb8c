import { expect, test } from '@jest/globals';
import { sampleOutcome, sampleRun } from '../report/sample-run.ts';
import { pairRecords } from './pair-records.ts';
import type { RecordedGroup } from './run-view.ts';

function group(spec: string, sku: string): RecordedGroup {
  const outcome = sampleOutcome();
  const record = sampleRun([{ ...outcome, module: { ...outcome.module, spec, sku } }]);
  return { folder: `out/${spec}`, record };
}

const ec200 = group('virtual:EC200U-CN', 'EC200U-CN');
const ec200Defect = group('virtual:EC200U-CN?defect=x', 'EC200U-CN');
const ec600 = group('virtual:EC600U-CN', 'EC600U-CN');
const specs = (result: ReturnType<typeof pairRecords>) =>
  result.pairs.map(({ old, fresh }) => [old.record.module.spec, fresh.record.module.spec]);

test('two runs of one kind each are compared whatever they are: two SKUs, too', () => {
  expect(specs(pairRecords([ec200], [ec600]))).toEqual([['virtual:EC200U-CN', 'virtual:EC600U-CN']]);
});

test('of several kinds the same words meet before the same SKU does', () => {
  const result = pairRecords([ec600, ec200Defect, ec200], [ec200, ec200Defect, ec600]);

  expect(specs(result)).toEqual([
    ['virtual:EC200U-CN', 'virtual:EC200U-CN'],
    ['virtual:EC200U-CN?defect=x', 'virtual:EC200U-CN?defect=x'],
    ['virtual:EC600U-CN', 'virtual:EC600U-CN'],
  ]);
});

test('a kind that only one of the runs has is told, and the others are compared', () => {
  const result = pairRecords([ec200, ec600], [ec200Defect]);

  expect(specs(result)).toEqual([['virtual:EC200U-CN', 'virtual:EC200U-CN?defect=x']]);
  expect(result.unpaired).toEqual(['virtual:EC600U-CN is in the old run only: it is not compared']);
});

test('where nothing fits, both sides are named', () => {
  expect(() => pairRecords([ec200, ec200Defect], [ec600])).toThrow(
    /old: virtual:EC200U-CN, virtual:EC200U-CN\?defect=x; new: virtual:EC600U-CN/u,
  );
});
