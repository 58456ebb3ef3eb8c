import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { FlashStage } from './flash-failure.ts';

/** One line of a journal. */
export type JournalRecord =
  | {
      readonly event: 'begin';
      readonly pac: string;
      readonly sku: string;
      readonly driver: string;
      readonly revision?: string;
    }
  | { readonly event: 'stage'; readonly stage: FlashStage }
  | { readonly event: 'file'; readonly id: string; readonly bytes: number }
  | { readonly event: 'file-done'; readonly id: string }
  | { readonly event: 'retry'; readonly id: string; readonly reason: string }
  | { readonly event: 'end'; readonly ok: boolean; readonly code?: string; readonly advice?: string };

const recordShape = v.looseObject({
  event: v.string(),
  stage: v.optional(v.string()),
  id: v.optional(v.string()),
  pac: v.optional(v.string()),
});

/**
 * What a flash did, step by step, on disk before the next step: after a power cut on our side it tells what the module was
 * in the middle of. One file a USB path; the one before is kept beside it.
 */
export class FlashJournal {
  readonly #file: number;

  constructor(folder: string, usbPath: string) {
    mkdirSync(folder, { recursive: true });
    const path = journalPath(folder, usbPath);
    if (existsSync(path)) renameSync(path, `${path}.1`);
    this.#file = openSync(path, 'wx', 0o600);
  }

  write(record: JournalRecord): void {
    writeSync(this.#file, `${JSON.stringify({ at: new Date().toISOString(), ...record })}\n`);
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** What an earlier flash of this USB path was in the middle of when it was cut off; undefined when it ended properly. */
export function findInterrupted(folder: string, usbPath: string): string | undefined {
  const path = journalPath(folder, usbPath);
  if (!existsSync(path)) return undefined;
  const records = readFileSync(path, 'utf8').split('\n').flatMap(parse);
  if (records.length === 0 || records.some(({ event }) => event === 'end')) return undefined;
  const stage = records.findLast(({ event }) => event === 'stage')?.stage ?? 'preflight';
  const file = records.findLast(({ event }) => event === 'file');
  const isDone = records.some(({ event, id }) => event === 'file-done' && id === file?.id);
  const where = file === undefined || isDone ? `in stage ${stage}` : `while ${file.id ?? 'a file'} was written`;
  return `the last flash here was cut off ${where}: if the module does not answer, power-cycle it (with the USB_BOOT strap held if its firmware does not start) and flash again`;
}

function journalPath(folder: string, usbPath: string): string {
  return join(folder, `flash-${usbPath.replaceAll(/[^\w.-]/gu, '_')}.ndjson`);
}

/** The last line may be cut; it says no more than the one before it. */
function parse(line: string): readonly v.InferOutput<typeof recordShape>[] {
  try {
    const parsed = v.safeParse(recordShape, JSON.parse(line));
    return parsed.success ? [parsed.output] : [];
  } catch {
    // Half a line is what a cut leaves; everything before it stands.
    return [];
  }
}
