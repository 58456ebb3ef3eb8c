import { compareLines } from './compare-lines.ts';
import type { Difference, Relation } from './relation.ts';
import type { Line, Telling } from './telling.ts';

/** Publishes to two topics have nothing to do with each other. */
export const orderOfIndependents: Relation = {
  id: 'MM-06',
  clause: 'M-10.calls-apart',
  says: 'calls that are independent, about two topics, may change places: each topic’s story stays the same',
  differs: 'the calls come in another order',
  compare: (first, second) => topicsOf(first, second).flatMap((topic) => compareAbout(topic, first, second)),
};

function compareAbout(topic: string, first: Telling, second: Telling): readonly Difference[] {
  return [
    ...compareLines(`call about ${topic}`, about(topic, callsOf(first)), about(topic, callsOf(second))),
    ...compareLines(`packet about ${topic}`, about(topic, packetsOf(first)), about(topic, packetsOf(second))),
  ];
}

function topicsOf(...tellings: readonly Telling[]): readonly string[] {
  const topics = tellings.flatMap(callsOf).map(({ topic }) => topic);
  return [...new Set(topics.filter((topic) => topic !== undefined))];
}

function about(topic: string, lines: readonly Line[]): readonly Line[] {
  return lines.filter((line) => line.topic === topic);
}

function callsOf({ clients }: Telling): readonly Line[] {
  return clients.flatMap(({ calls }) => calls);
}

function packetsOf({ clients }: Telling): readonly Line[] {
  return clients.flatMap(({ packets }) => packets);
}
