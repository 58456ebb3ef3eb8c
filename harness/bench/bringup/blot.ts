import { decodeLine, encodeLine } from '../../protocol/line.ts';

/** An IMEI has 15 digits (16 with its software version), an IMSI up to 15, an ICCID 18 to 20; standing alone, and no dump of bytes. */
const SUBSCRIBER_NUMBER = /(?<!"(?:head|hex)":")(?<![0-9A-Za-z])\d{14,20}(?![0-9A-Za-z])/gu;

/** The same text, as long, with all but the last four digits of such numbers made zeros: a transcript is passed on. */
export function blot(text: string): string {
  return text.replace(SUBSCRIBER_NUMBER, (number) => `${'0'.repeat(number.length - 4)}${number.slice(-4)}`);
}

/** The same for a line of the shim's protocol, whose checksum then fits again. */
export function blotLine(line: string): string {
  const blotted = blot(line);
  const isMessage = decodeLine(Buffer.from(line)).kind === 'message';
  if (blotted === line || !isMessage) return blotted;
  return encodeLine(blotted.slice(0, blotted.lastIndexOf('*'))).trimEnd();
}
