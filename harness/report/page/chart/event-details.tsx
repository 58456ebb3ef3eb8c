import { useState } from 'preact/hooks';
import type { TimelineEvent } from '../../../timeline/events.ts';
import { describeEvent } from '../../describe-event.ts';
import { bytesOfHex, dissect, type Field } from './dissect.ts';

const LANE_WORDS: Readonly<Record<TimelineEvent['src'], string>> = {
  module: 'told by the module',
  broker: 'seen by the broker',
  host: 'noted by the host',
};

/** Members that are told elsewhere in the panel. */
const TOLD: ReadonlySet<string> = new Set(['n', 'at', 'src', 'k', 'hex', 'lint', 'defects']);

/** The event in focus: when, by whom, its bytes field by field, and every member of it. */
export function EventDetails({ event }: { readonly event: TimelineEvent | undefined }) {
  if (event === undefined) {
    return (
      <aside class="details" aria-label="Event in focus">
        <p class="quiet">Point at an event, or walk with the arrow keys.</p>
      </aside>
    );
  }
  return (
    <aside class="details" aria-label="Event in focus">
      <h3>
        {describeEvent(event)}
      </h3>
      <p class="quiet">
        Event {event.n}, {LANE_WORDS[event.src]}, at {event.at.toFixed(3)} ms
        {event.src === 'module' ? `, heard ${(event.heard - event.at).toFixed(1)} ms later` : ''}
      </p>
      <Lint event={event} />
      {'hex' in event && event.hex !== '' ? <Bytes key={event.n} hex={event.hex} whole={lengthOf(event)} isPacket={event.k === 'frame'} /> : null}
      <Members event={event} />
    </aside>
  );
}

function lengthOf(event: Extract<TimelineEvent, { readonly hex: string }>): number {
  return event.length;
}

function Lint({ event }: { readonly event: TimelineEvent }) {
  if (event.k !== 'frame') return null;
  const found = [...event.lint, ...(event.defects ?? [])];
  if (found.length === 0) return null;
  return (
    <ul class="lint">
      {found.map(({ clause, says }) => (
        <li key={clause}>
          <span class="code">{clause}</span> {says}
        </li>
      ))}
    </ul>
  );
}

const BYTES_A_LINE = 8;

function Bytes({ hex, whole, isPacket }: { readonly hex: string; readonly whole: number; readonly isPacket: boolean }) {
  const bytes = bytesOfHex(hex);
  const fields = isPacket ? dissect(bytes) : [];
  const [lit, setLit] = useState<Field | undefined>();
  return (
    <>
      <h4>
        {whole} bytes{bytes.length < whole ? `, the first ${bytes.length} kept` : ''}
      </h4>
      <Dump bytes={bytes} lit={lit} />
      {fields.length === 0 ? null : (
        <table class="fields">
          <tbody>
            {fields.map((field) => (
              <tr
                key={`${field.from} ${field.name}`}
                class={lit === field ? 'lit' : ''}
                onPointerEnter={() => setLit(field)}
                onPointerLeave={() => setLit(undefined)}
              >
                <td class="figure quiet">{field.to - field.from > 1 ? `${field.from}–${field.to - 1}` : field.from}</td>
                <th scope="row">{field.name}</th>
                <td class="value">{field.value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Dump({ bytes, lit }: { readonly bytes: Uint8Array; readonly lit: Field | undefined }) {
  const lines = Array.from({ length: Math.ceil(bytes.length / BYTES_A_LINE) }, (_, line) => line * BYTES_A_LINE);
  return (
    <div class="dump" role="region" tabIndex={0} aria-label="Raw bytes">
      {lines.map((start) => {
        const some = [...bytes.subarray(start, start + BYTES_A_LINE)];
        return (
          <div key={start}>
            <span class="offset">{start.toString(16).padStart(4, '0')}</span>
            <span class="hex">
              {some.map((byte, index) => (
                <span key={index} class={isLit(start + index, lit) ? 'lit' : ''}>
                  {byte.toString(16).padStart(2, '0')}
                </span>
              ))}
            </span>
            <span class="ascii">{some.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join('')}</span>
          </div>
        );
      })}
    </div>
  );
}

function isLit(index: number, lit: Field | undefined): boolean {
  return lit !== undefined && index >= lit.from && index < lit.to;
}

function Members({ event }: { readonly event: TimelineEvent }) {
  const members = Object.entries(event).filter(([name]) => !TOLD.has(name));
  return (
    <details class="members" open={!('hex' in event)}>
      <summary>All that is recorded</summary>
      <dl>
        {members.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
