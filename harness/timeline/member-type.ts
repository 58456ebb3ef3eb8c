/** What members of a value that was read from a file are. */

export function isNumber(member: unknown): boolean {
  return typeof member === 'number';
}

export function isText(member: unknown): boolean {
  return typeof member === 'string';
}

export function isTruth(member: unknown): boolean {
  return typeof member === 'boolean';
}

export function isRecord(member: unknown): member is Record<string, unknown> {
  return typeof member === 'object' && member !== null && !Array.isArray(member);
}
