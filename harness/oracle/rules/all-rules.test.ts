import { expect, test } from '@jest/globals';
import { allRules } from './all-rules.ts';

test.each(allRules)(
  '$id opens with, and is spared, nothing but what it asks for',
  ({ on, opens = [], spared = [] }) => {
    const isAskedFor = (topic: string) => on.some((asked) => topic === asked || topic.startsWith(`${asked} `));
    const others = [...opens, ...spared.map(({ topic }) => topic)].filter((topic) => !isAskedFor(topic));

    expect(others).toEqual([]);
  },
);

test.each(allRules)(
  '$id keeps, of what it is spared, only clauses of its own',
  ({ clause, also = [], spared = [] }) => {
    for (const { clauses } of spared) expect([clause, ...also]).toEqual(expect.arrayContaining([...clauses]));
  },
);
