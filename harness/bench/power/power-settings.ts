import * as v from 'valibot';

const word = v.pipe(
  v.string('a word of a command is a text; put quotes round a number'),
  v.minLength(1, 'it is empty'),
);
const command = v.pipe(v.array(word, 'a command is a list of words: no shell reads it'), v.minLength(1, 'no command'));

const uhubctl = v.strictObject({
  uhubctl: v.strictObject({
    /** Of the hub, as `uhubctl` lists it. */
    location: v.pipe(
      v.string('a location is a text; put quotes round it'),
      v.regex(/^\d+(?:-\d+(?:\.\d+)*)?$/u, 'a location looks like 1-1'),
    ),
    port: v.pipe(v.number('a port is a number'), v.integer(), v.minValue(1, 'ports count from 1')),
  }),
  offS: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60))),
});

const commands = v.strictObject({
  on: command,
  off: command,
  /** How long the supply stays off: capacitors have to run down. */
  offS: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60))),
});

/** How a bench switches the supply of a module. */
export const powerSchema = v.union(
  [uhubctl, commands],
  'power is {uhubctl: {location, port}} or {on: [words], off: [words]} (numbers in quotes), with offS if need be',
);

export type PowerSettings = v.InferOutput<typeof powerSchema>;

/** The commands, as plans carry them. */
export interface PowerSwitch {
  readonly on: readonly string[];
  readonly off: readonly string[];
  readonly offMs: number;
}

const DEFAULT_OFF_S = 3;

export function powerSwitch(settings: PowerSettings): PowerSwitch {
  const offMs = (settings.offS ?? DEFAULT_OFF_S) * 1000;
  if (!('uhubctl' in settings)) return { on: settings.on, off: settings.off, offMs };
  const { location, port } = settings.uhubctl;
  const words = (action: string) => ['uhubctl', '-l', location, '-p', String(port), '-a', action];
  return { on: words('on'), off: words('off'), offMs };
}
