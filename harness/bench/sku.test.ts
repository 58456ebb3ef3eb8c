import { expect, test } from '@jest/globals';
import { findSkuOfRevision, readSkus } from './sku.ts';

test('each SKU that is shipped names a revision which leads back to it', () => {
  const skus = readSkus();

  expect(skus.map(({ sku }) => sku)).toEqual(['EC200U-CN', 'EC600U-CN', 'EG500U-CN', 'EG700U-CN']);
  for (const { sku, revision, model } of skus) {
    expect(findSkuOfRevision(revision)).toBe(sku);
    expect(sku.startsWith(`${model}-`)).toBe(true);
  }
});

test('a three-letter region is told from the two-letter variant after it', () => {
  expect(findSkuOfRevision('EG912UEALACR03A06M08')).toBe('EG912U-EAL');
});

test('what is no revision of the family has no SKU', () => {
  expect(findSkuOfRevision('BG95M3LAR02A04')).toBeUndefined();
});
