/** What an interface of the family is for, by bInterfaceNumber: TTY numbers move at every reset. */
const ROLES = {
  2: 'at',
  3: 'diag',
  4: 'mos',
  5: 'cp-log',
  6: 'ap-log',
  7: 'modem',
  8: 'nmea',
  20: 'acm',
} as const;

export const PORT_ROLES = Object.values(ROLES);
export type PortRole = (typeof PORT_ROLES)[number];

export function findPortRole(interfaceNumber: number): PortRole | undefined {
  const found = Object.entries(ROLES).find(([number]) => Number(number) === interfaceNumber);
  return found?.[1];
}
