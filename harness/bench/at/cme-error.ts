/** Numbers of 3GPP TS 27.007 §9.2 that a bench meets. */
const NAMES: Readonly<Record<number, string>> = {
  3: 'operation not allowed',
  4: 'operation not supported',
  10: 'SIM not inserted',
  11: 'SIM PIN required',
  12: 'SIM PUK required',
  13: 'SIM failure',
  14: 'SIM busy',
  30: 'no network service',
  50: 'incorrect parameters',
  100: 'unknown',
};

/** What a final line other than OK says, in words: modules give a number or a text, whatever AT+CMEE was set to. */
export function describeRefusal(final: string): string {
  const [, kind = '', value = ''] = /^\+(CM[ES]) ERROR:\s*(.*)$/u.exec(final) ?? [];
  if (value === '') return 'ERROR';
  if (kind !== 'CME' || !/^\d+$/u.test(value)) return value;
  return NAMES[Number(value)] ?? `CME error ${value}`;
}
