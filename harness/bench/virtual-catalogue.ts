import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';
import { readDefTable } from './read-def-table.ts';

/** A misbehaviour that the virtual module can be told to have. */
export interface Defect {
  readonly name: string;
  /** The clause that it breaks. */
  readonly clause: string;
  readonly family: string;
  readonly gloss: string;
}

/** What a virtual module can be told, as the firmware's own tables have it. */
export interface VirtualCatalogue {
  readonly defects: readonly Defect[];
  readonly personalities: readonly { readonly name: string; readonly gloss: string }[];
  /** Keys of the MQTT engine's settings. */
  readonly engineSettings: readonly string[];
}

export function readVirtualCatalogue(): VirtualCatalogue {
  const engine = join(packageRoot, 'firmware', 'quecopen-posix', 'ql_mqttclient');
  const rows = (file: string, macro: string) => readDefTable(readFileSync(join(engine, file), 'utf8'), macro);
  return {
    defects: rows('defects.def', 'DEFECT').map(([, name = '', clause = '', family = '', gloss = '']) => ({
      name,
      clause,
      family,
      gloss,
    })),
    personalities: rows('personalities.def', 'PERSONALITY').map(([name = '', , gloss = '']) => ({ name, gloss })),
    engineSettings: ['NUMBER', 'CHOICE'].flatMap((macro) => rows('options.def', macro).map(([, key = '']) => key)),
  };
}
