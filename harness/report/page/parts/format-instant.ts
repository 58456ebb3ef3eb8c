/** `2026-03-04 05:06:07 UTC` of an ISO 8601 instant; what is none comes back as it is. */
export function formatInstant(iso: string): string {
  const found = /^(?<day>\d{4}-\d{2}-\d{2})T(?<time>\d{2}:\d{2}:\d{2})/u.exec(iso);
  return found?.groups === undefined ? iso : `${found.groups['day'] ?? ''} ${found.groups['time'] ?? ''} UTC`;
}
