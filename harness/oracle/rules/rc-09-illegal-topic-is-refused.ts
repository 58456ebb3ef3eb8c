import { findArgumentText, summariseString } from '../argument.ts';
import type { CallRecord } from '../narration.ts';
import { rule, spare } from '../rule.ts';
import { undecided } from '../step.ts';
import { FLAWED_PACKETS, ORDINARY_REQUEST_RETURNS } from '../topic.ts';

const NO_WILDCARD = 'MQTT-3.3.2-2';
const NOT_EMPTY = 'MQTT-4.7.3-1';
const HASH_LAST = 'MQTT-4.7.1-2';
const PLUS_ALONE = 'MQTT-4.7.1-3';
const NO_NUL = 'MQTT-4.7.3-2';
const LENGTH = 'MQTT-4.7.3-3';
const CLAUSES: readonly string[] = [NO_WILDCARD, 'MQTT-4.7.1-1', HASH_LAST, PLUS_ALONE, NOT_EMPTY, NO_NUL, LENGTH];
const LONGEST_BYTES = 65_535;

/** A topic name or filter that MQTT forbids never reaches the wire. */
export const illegalTopicIsRefused = rule({
  id: 'RC-09',
  clause: NO_WILDCARD,
  also: CLAUSES.filter((clause) => clause !== NO_WILDCARD),
  says: 'an illegal topic name or filter (empty, misplaced wildcard, too long) is not put on the wire',
  on: ['ret publish', 'ret sub_unsub', ...FLAWED_PACKETS],
  spared: spare(ORDINARY_REQUEST_RETURNS),
  step(_, { event, call }) {
    if (event.k === 'ret') {
      const clauses = call === undefined ? [] : clausesTried(call);
      return clauses.length === 0 ? undecided() : { exercised: 1, clauses };
    }
    const found = event.lint.filter(({ clause }) => CLAUSES.includes(clause));
    return { findings: found.map(({ clause, says }) => ({ message: says, events: [event.n], clause })) };
  },
});

/** The clauses that a call puts to the test with a topic that they forbid. */
function clausesTried({ fn, params }: CallRecord): readonly string[] {
  if (fn !== 'publish' && fn !== 'sub_unsub') return [];
  const { topic } = params;
  const summary = summariseString(topic);
  if (summary === null || summary === undefined) return [];
  if (summary.length === 0) return [NOT_EMPTY];
  if (summary.length > LONGEST_BYTES) return [LENGTH];
  const text = findArgumentText(topic) ?? '';
  // A C string ends there: what lies behind must not be sent.
  if (text.includes('\0')) return [NO_NUL];
  if (fn === 'publish') return /[#+]/.test(text) ? [NO_WILDCARD, 'MQTT-4.7.1-1'] : [];
  return filterClauses(text.split('/'));
}

function filterClauses(levels: readonly string[]): readonly string[] {
  const isHashMisplaced = levels.some((level, index) => {
    return level.includes('#') && (level !== '#' || index !== levels.length - 1);
  });
  const isPlusMisplaced = levels.some((level) => level.includes('+') && level !== '+');
  return [...(isHashMisplaced ? [HASH_LAST] : []), ...(isPlusMisplaced ? [PLUS_ALONE] : [])];
}
