import type { ClauseCoverage, RunRecord } from './run-record.ts';

/** How a clause fared in a run. */
export type ClauseState = 'violated' | 'deviating' | 'held' | 'observed' | 'never';

/** A chapter of a source, with its clauses. */
export interface Chapter {
  readonly name: string;
  readonly clauses: readonly JudgedClause[];
  readonly exercised: number;
}

export interface JudgedClause extends ClauseCoverage {
  readonly state: ClauseState;
}

/** The clauses of a run by chapter: those of the manual first, in its order, then the standards, then what holds always. */
export function chaptersOf({ coverage }: Pick<RunRecord, 'coverage'>): readonly Chapter[] {
  const chapters = new Map<string, JudgedClause[]>();
  for (const clause of coverage) {
    const name = chapterOf(clause);
    const clauses = chapters.get(name) ?? [];
    clauses.push({ ...clause, state: stateOf(clause) });
    chapters.set(name, clauses);
  }
  return [...chapters]
    .toSorted(([a], [b]) => rankOf(a) - rankOf(b) || compareNumbered(a, b))
    .map(([name, clauses]) => ({
      name,
      clauses,
      exercised: clauses.reduce((sum, { exercised }) => sum + exercised, 0),
    }));
}

export function stateOf({ kind, exercised, violated }: ClauseCoverage): ClauseState {
  if (violated > 0) return kind === 'inferred' ? 'deviating' : 'violated';
  if (exercised === 0) return 'never';
  return kind === 'characterised' ? 'observed' : 'held';
}

/** `manual 3.3.2` for `manual 3.3.2.4`, `MQTT 3.3` for `MQTT-3.3.1-1`, `RFC 5280` for `RFC 5280 4.1.2.5`. */
export function chapterOf({ clause, source }: Pick<ClauseCoverage, 'clause' | 'source'>): string {
  const numbered = /^MQTT-(?<section>\d+\.\d+)/u.exec(clause)?.groups?.['section'];
  if (numbered !== undefined) return `MQTT ${numbered}`;
  const manual = /^manual (?<section>\d+(?:\.\d+){0,2})/u.exec(source)?.groups?.['section'];
  if (manual !== undefined) return `Manual ${manual}`;
  const mqtt = /^MQTT(?: 3\.1\.1, |-)(?<section>\d+\.\d+)/u.exec(source)?.groups?.['section'];
  if (mqtt !== undefined) return `MQTT ${mqtt}`;
  const rfc = /^RFC \d+/u.exec(source)?.[0];
  if (rfc !== undefined) return rfc;
  if (source.startsWith('ql_mqttclient.h')) return 'Header ql_mqttclient.h';
  if (source === '') return 'Of this project';
  return source === 'whatever the documents say' ? 'Always' : source;
}

const TITLES: Readonly<Record<string, string>> = {
  'Manual 1': 'Introduction',
  'Manual 2': 'Use of the API',
  'Manual 3': 'MQTT API',
  'Manual 3.3.1': 'ql_mqtt_client_init',
  'Manual 3.3.2': 'ql_mqtt_connect',
  'Manual 3.3.3': 'ql_mqtt_publish',
  'Manual 3.3.4': 'ql_mqtt_sub_unsub',
  'Manual 3.3.5': 'ql_mqtt_disconnect',
  'Manual 3.3.6': 'ql_mqtt_set_inpub_callback',
  'Manual 3.3.7': 'ql_mqtt_client_is_connected',
  'Manual 3.3.8': 'ql_mqtt_client_deinit',
  'Manual 3.3.9': 'OneNET token',
  'MQTT 1.5': 'Strings',
  'MQTT 2.2': 'Fixed header',
  'MQTT 2.3': 'Packet identifier',
  'MQTT 3.1': 'CONNECT',
  'MQTT 3.2': 'CONNACK',
  'MQTT 3.3': 'PUBLISH',
  'MQTT 3.4': 'PUBACK',
  'MQTT 3.5': 'PUBREC',
  'MQTT 3.6': 'PUBREL',
  'MQTT 3.7': 'PUBCOMP',
  'MQTT 3.8': 'SUBSCRIBE',
  'MQTT 3.9': 'SUBACK',
  'MQTT 3.10': 'UNSUBSCRIBE',
  'MQTT 3.11': 'UNSUBACK',
  'MQTT 3.12': 'PINGREQ',
  'MQTT 3.13': 'PINGRESP',
  'MQTT 3.14': 'DISCONNECT',
  'MQTT 4.1': 'Storing state',
  'MQTT 4.3': 'Quality of service',
  'MQTT 4.4': 'Delivery again',
  'MQTT 4.5': 'Receipt of messages',
  'MQTT 4.6': 'Order of messages',
  'MQTT 4.7': 'Topic names and filters',
  'MQTT 4.8': 'Errors',
  'MQTT 7.0': 'Conformance',
  'MQTT 7.1': 'Conformance of clients',
  'RFC 5246': 'TLS 1.2',
  'RFC 5280': 'X.509 certificates',
  'RFC 6066': 'TLS extensions',
  'RFC 6125': 'Names in certificates',
  'RFC 9325': 'Good use of TLS',
  Always: 'Whatever the documents say',
};

/** What the chapter is about, in our words; empty if nobody said. */
export function titleOf(chapter: string): string {
  return TITLES[chapter] ?? '';
}

const ORDER = ['Manual', 'Header', 'MQTT', 'RFC', 'Always'];

function rankOf(chapter: string): number {
  const rank = ORDER.findIndex((word) => chapter.startsWith(word));
  return rank === -1 ? ORDER.length : rank;
}

/** `Manual 3.3.10` after `Manual 3.3.9`. */
function compareNumbered(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
