import { expect, test } from '@jest/globals';
import { foundIn } from './found-in-defects.ts';

test('what is told of defects is sorted by rule, and what is known stays', () => {
  const told = [
    { defect: 'will-omitted', rules: ['WF-06', 'expect:frame'] },
    { defect: 'user-omitted', rules: ['WF-06', 'CB-01'] },
  ];

  expect(foundIn(told, { 'WF-06': ['client-id-truncated', 'will-omitted'] })).toEqual({
    'CB-01': ['user-omitted'],
    'WF-06': ['client-id-truncated', 'user-omitted', 'will-omitted'],
  });
  expect(Object.keys(foundIn(told))).toEqual(['CB-01', 'WF-06']);
});
