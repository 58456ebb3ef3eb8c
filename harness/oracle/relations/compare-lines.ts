import type { Difference } from './relation.ts';
import type { ClientTelling, Line } from './telling.ts';

/** The first place where two lists of lines differ. */
export function compareLines(what: string, first: readonly Line[], second: readonly Line[]): readonly Difference[] {
  const longest = Math.max(first.length, second.length);
  for (let index = 0; index < longest; index += 1) {
    const [one, other] = [first[index], second[index]];
    if (one?.text === other?.text) continue;
    const events = [one?.n, other?.n].filter((n) => n !== undefined);
    const message = `${what} number ${index + 1}: ${one?.text ?? 'nothing'}, the second time ${other?.text ?? 'nothing'}`;
    return [{ message, events }];
  }
  return [];
}

/** The first places where two clients' stories differ. */
export function compareClients(
  first: ClientTelling | undefined,
  second: ClientTelling | undefined,
): readonly Difference[] {
  return [
    ...compareLines('call', first?.calls ?? [], second?.calls ?? []),
    ...compareLines('callback that came unasked', first?.unasked ?? [], second?.unasked ?? []),
    ...compareLines('packet', first?.packets ?? [], second?.packets ?? []),
    ...compareLines('acknowledgement', sorted(first?.acks), sorted(second?.acks)),
  ];
}

/** The same for all clients, by the order in which they appear. */
export function compareAllClients(
  first: readonly ClientTelling[],
  second: readonly ClientTelling[],
): readonly Difference[] {
  const most = Math.max(first.length, second.length);
  return Array.from({ length: most }, (_, index) => compareClients(first[index], second[index])).flat();
}

/** Whatever their order. */
function sorted(lines: readonly Line[] = []): readonly Line[] {
  return lines.toSorted((a, b) => a.text.localeCompare(b.text) || a.n - b.n);
}
