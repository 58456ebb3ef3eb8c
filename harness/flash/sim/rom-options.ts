import { parseArgs } from 'node:util';
import { HarnessError } from '../../errors.ts';
import { type FlashTiming, INSTANT, REALISTIC } from './flash-memory.ts';
import type { SimFault } from './sim-fault.ts';

export interface RomOptions {
  /** Descriptor of the terminal's master. */
  readonly fd: number;
  readonly folder: string;
  readonly timing: FlashTiming;
  readonly faults: readonly SimFault[];
}

const FAULTS: Readonly<Record<string, (value: number) => SimFault>> = {
  'rom-silent': () => ({ kind: 'rom-silent' }),
  'rom-busy': (connects) => ({ kind: 'rom-busy', connects }),
  'version-missing': () => ({ kind: 'version-missing' }),
  'silent-at': (bytes) => ({ kind: 'silent-at', bytes }),
  'vanish-at': (bytes) => ({ kind: 'vanish-at', bytes }),
  'bit-flip': (times) => ({ kind: 'bit-flip', times }),
};

/**
 * `[--dir FOLDER] [--realistic] [--fault NAME[:NUMBER]]…`, with the terminal in QLHIL_ROM_TTY_FD; the folder is that of the
 * virtual module (QLV_DIR) unless told.
 * @throws HarnessError CONFIGURATION
 */
export function readRomOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): RomOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      dir: { type: 'string' },
      realistic: { type: 'boolean', default: false },
      fault: { type: 'string', multiple: true, default: [] },
    },
  });
  const fd = env['QLHIL_ROM_TTY_FD'] ?? '';
  const folder = values.dir ?? env['QLV_DIR'];
  if (!/^\d+$/u.test(fd)) refuse('QLHIL_ROM_TTY_FD', 'QLHIL_ROM_TTY_FD must name the descriptor of a terminal master');
  if (folder === undefined) return refuse('--dir', 'no folder: give --dir or QLV_DIR');
  return { fd: Number(fd), folder, timing: values.realistic ? REALISTIC : INSTANT, faults: values.fault.map(faultOf) };
}

function faultOf(text: string): SimFault {
  const [name = '', value = '1'] = text.split(':');
  const make = FAULTS[name];
  if (make === undefined || !/^\d+$/u.test(value))
    return refuse('--fault', `unknown fault "${text}"; there are ${Object.keys(FAULTS).join(', ')}`);
  return make(Number(value));
}

function refuse(subject: string, message: string): never {
  throw new HarnessError('CONFIGURATION', message, { subject });
}
