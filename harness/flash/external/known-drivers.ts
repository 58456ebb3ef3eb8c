import { HarnessError } from '../../errors.ts';
import type { ExternalDriver } from './flash-driver.ts';
import { QDLOADER_GRAMMAR, templateGrammar } from './tool-grammar.ts';

/** A core PAC takes the tool 19 to 28 s; it writes NV and file systems without a word for some of them. */
const OVERALL_MS = 180_000;
const SILENCE_MS = 60_000;

/**
 * Quectel's own tool for Linux. The module is named by its sysfs path, since a `/dev` name is cut out of a link at fixed
 * columns; its NV backup goes to `backupFolder`.
 */
export function qdloaderDriver(program: string, backupFolder: string): ExternalDriver {
  return {
    kind: 'external',
    name: 'QDloader',
    command: [program, '-f', '{pac}', '-s', '/sys/bus/usb/devices/{usb}', '-x', backupFolder],
    grammar: QDLOADER_GRAMMAR,
    overallMs: OVERALL_MS,
    silenceMs: SILENCE_MS,
  };
}

/**
 * Any command, word by word and without a shell: `{pac}`, `{port}` and `{usb}` are replaced.
 * @param success pattern of the line that closes a good run
 * @throws HarnessError CONFIGURATION — no program, no `{pac}`, or a pattern that is none
 */
export function templateDriver(words: readonly string[], success: string): ExternalDriver {
  const [program] = words;
  if (program === undefined) return refuse('--driver-command names no program');
  if (!words.some((word) => word.includes('{pac}'))) return refuse('--driver-command has no {pac}');
  return {
    kind: 'external',
    name: program,
    command: words,
    grammar: templateGrammar(patternOf(success)),
    overallMs: OVERALL_MS,
    silenceMs: SILENCE_MS,
  };
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch {
    return refuse(`--driver-success is no pattern: ${text}`);
  }
}

function refuse(message: string): never {
  throw new HarnessError('CONFIGURATION', message, { subject: 'driver' });
}
