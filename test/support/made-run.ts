import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Changes } from '../../harness/report/changes.ts';
import type { RunRecord } from '../../harness/report/run-record.ts';
import { sampleFinding, sampleOutcome, sampleRun } from '../../harness/report/sample-run.ts';
import { writeReports } from '../../harness/run/write-reports.ts';

export interface MadeRun {
  /** Scenarios besides the one that fails. */
  readonly passing: number;
  /** Events of the timeline of the one that fails; the last but 20 is cited. */
  readonly events: number;
  /** What a module may say: comes into titles, messages and events. */
  readonly text?: string;
  /** What its report says of changes. */
  readonly compare?: (record: RunRecord) => Changes;
}

/** Makes a run's folder as `qlhil run` leaves it, of a run that never was. @returns the path of its report.html */
export function makeRun(folder: string, { passing, events, text = 'a text', compare }: MadeRun): string {
  mkdirSync(join(folder, 'timelines'), { recursive: true });
  const cited = events - 20;
  const findings = [sampleFinding({ message: `no request callback: ${text}`, events: [cited - 2, cited] })];
  const attempt = (outcome: 'pass' | 'fail') => ({ attempt: 1, outcome, durationMs: 1234 });
  const failing = sampleOutcome({
    scenario: 'made/fails',
    title: `a scenario that fails: ${text}`,
    outcome: 'fail',
    findings,
    attempts: [{ ...attempt('fail'), timeline: 'timelines/made__fails.1.ndjson', findings }],
  });
  const rest = Array.from({ length: passing }, (_, index) =>
    sampleOutcome({
      scenario: `area-${index % 12}/passes-${index}`,
      attempts: [{ ...attempt('pass'), timeline: `timelines/passes-${index}.1.ndjson`, findings: [] }],
      observations: [{ clause: 'D-3', name: `value ${index % 40}`, value: index % 3 }],
      measurements: [{ name: 'connect', unit: 'ms', samples: [5 + (index % 17)] }],
    }),
  );
  const record = sampleRun([failing, ...rest]);
  writeFileSync(join(folder, 'run.json'), JSON.stringify(record));
  writeFileSync(join(folder, 'timelines', 'made__fails.1.ndjson'), timelineOf(record, events, text));
  const short = timelineOf(record, 60, text);
  for (let index = 0; index < passing; index += 1) {
    writeFileSync(join(folder, 'timelines', `passes-${index}.1.ndjson`), short);
  }
  writeReports({ record, runDir: folder, comparison: compare?.(record) });
  return join(folder, 'report.html');
}

export function readRecord(folder: string): RunRecord {
  return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
}

function timelineOf({ started, module: identity }: RunRecord, events: number, text: string): string {
  const header = {
    schema: 'qlhil-timeline/1',
    scenario: { id: 'made/fails', title: text, clauses: [] },
    attempt: 1,
    module: identity,
    seed: 7,
    deadlines: {},
    epsilonMs: 1,
    startedAt: started,
  };
  const lines = Array.from({ length: events }, (_, index) => ({
    n: index + 1,
    at: index * 2.5,
    ...eventOf(index, text),
  }));
  return [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** A publish after the other, with all that belongs to one. */
function eventOf(index: number, text: string): object {
  const told = { src: 'module', seq: index + 1, t: index * 3, heard: index * 2.5 + 1, slot: 0, task: 1 };
  const frame = { src: 'broker', k: 'frame', conn: 1, frame: index, lint: [] };
  const id = (index % 5000) + 1;
  const hexId = id.toString(16).padStart(4, '0');
  const summary = { length: 3, crc32: 0, head: '' };
  switch (index % 6) {
    case 0:
      return { src: 'host', k: 'request', method: 'mqtt.publish', params: { topic: text }, token: id, slot: 0 };
    case 1:
      return { ...told, k: 'call', fn: 'publish', token: id };
    case 2:
      return { ...told, k: 'ret', fn: 'publish', token: id, ret: -2 };
    case 3: {
      const packet = {
        type: 'PUBLISH',
        dup: false,
        qos: 1,
        retain: false,
        topic: { ...summary, text: 'a/b' },
        packetId: id,
      };
      return {
        ...frame,
        dir: 'up',
        length: 10,
        hex: `32080003612f62${hexId}00`,
        packet: { ...packet, payload: summary },
      };
    }
    case 4:
      return { ...frame, dir: 'down', length: 4, hex: `4002${hexId}`, packet: { type: 'PUBACK', packetId: id } };
    default:
      return { ...told, k: 'enter', cb: 'request', arg: id, err: 0, handle: 1, client: 'same' };
  }
}
