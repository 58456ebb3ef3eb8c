/** A stretch of an MQTT packet's bytes, and what it says. */
export interface Field {
  readonly from: number;
  /** First byte after it. */
  readonly to: number;
  readonly name: string;
  readonly value: string;
}

const TYPES: readonly string[] = [
  'reserved 0',
  'CONNECT',
  'CONNACK',
  'PUBLISH',
  'PUBACK',
  'PUBREC',
  'PUBREL',
  'PUBCOMP',
  'SUBSCRIBE',
  'SUBACK',
  'UNSUBSCRIBE',
  'UNSUBACK',
  'PINGREQ',
  'PINGRESP',
  'DISCONNECT',
  'reserved 15',
];

/** What the bytes of an MQTT 3.1.1 packet say, field by field; as far as they go, when they are cut or no packet. */
export function dissect(bytes: Uint8Array): readonly Field[] {
  const reader = new Reader(bytes);
  const first = reader.fixedHeader();
  if (first === undefined) return reader.fields;
  const read = BODIES[first >> 4];
  read?.(reader, first & 0x0f);
  reader.rest('more bytes');
  return reader.fields;
}

type Body = (reader: Reader, flags: number) => void;

const packetId: Body = (reader) => void reader.number('packet identifier', 2);

const BODIES: Readonly<Record<number, Body>> = {
  1: (reader) => {
    reader.text('protocol name');
    reader.number('protocol level', 1);
    const flags = reader.number('connect flags', 1, connectFlags) ?? 0;
    reader.number('keep-alive, s', 2);
    reader.text('client identifier');
    if ((flags & 0x04) !== 0) {
      reader.text('will topic');
      reader.text('will message');
    }
    if ((flags & 0x80) !== 0) reader.text('user name');
    if ((flags & 0x40) !== 0) reader.text('password');
  },
  2: (reader) => {
    reader.number('acknowledge flags', 1, (value) => (value === 1 ? 'session present' : String(value)));
    reader.number('return code', 1);
  },
  3: (reader, flags) => {
    reader.text('topic name');
    if ((flags & 0x06) !== 0) reader.number('packet identifier', 2);
    reader.rest('payload');
  },
  4: packetId,
  5: packetId,
  6: packetId,
  7: packetId,
  8: (reader) => {
    reader.number('packet identifier', 2);
    while (reader.hasMore) {
      reader.text('topic filter');
      reader.number('requested QoS', 1);
    }
  },
  9: (reader) => {
    reader.number('packet identifier', 2);
    while (reader.hasMore) reader.number('return code', 1, (value) => (value === 0x80 ? 'failure' : `QoS ${value}`));
  },
  10: (reader) => {
    reader.number('packet identifier', 2);
    while (reader.hasMore) reader.text('topic filter');
  },
  11: packetId,
};

function connectFlags(value: number): string {
  const names = [
    [0x02, 'clean session'],
    [0x04, 'will'],
    [0x20, 'will retain'],
    [0x40, 'password'],
    [0x80, 'user name'],
    [0x01, 'reserved'],
  ] as const;
  const set = names.filter(([bit]) => (value & bit) !== 0).map(([, name]) => name);
  const qos = (value >> 3) & 3;
  return [...set, ...(qos > 0 ? [`will QoS ${qos}`] : [])].join(', ') || 'none';
}

class Reader {
  readonly fields: Field[] = [];
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length;
  }

  /** Type, flags, remaining length. @returns the first byte */
  fixedHeader(): number | undefined {
    const first = this.#bytes[0];
    if (first === undefined) return undefined;
    this.#at = 1;
    this.#add(0, 'type and flags', typeText(first));
    let length = 0;
    let shift = 0;
    for (let index = 1; index <= 4; index += 1) {
      const byte = this.#bytes[index];
      if (byte === undefined) break;
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      this.#at = index + 1;
      if ((byte & 0x80) === 0) break;
    }
    if (this.#at > 1) this.#add(1, 'remaining length', String(length));
    return first;
  }

  number(name: string, size: 1 | 2, describe: (value: number) => string = String): number | undefined {
    if (this.#at + size > this.#bytes.length) return undefined;
    const from = this.#at;
    const [high = 0, low = 0] = this.#bytes.subarray(from, from + size);
    const value = size === 1 ? high : high * 256 + low;
    this.#at += size;
    this.#add(from, name, describe(value));
    return value;
  }

  /** Two bytes of length, then so many bytes. */
  text(name: string): void {
    const from = this.#at;
    const [high, low] = this.#bytes.subarray(from, from + 2);
    if (high === undefined || low === undefined) {
      this.rest('cut short');
      return;
    }
    const length = high * 256 + low;
    const end = Math.min(this.#bytes.length, from + 2 + length);
    this.#at = end;
    const text = new TextDecoder().decode(this.#bytes.subarray(from + 2, end));
    this.#add(from, name, `${JSON.stringify(text)}, ${length} bytes`);
  }

  rest(name: string): void {
    if (!this.hasMore) return;
    const from = this.#at;
    this.#at = this.#bytes.length;
    this.#add(from, name, `${this.#at - from} bytes`);
  }

  #add(from: number, name: string, value: string): void {
    this.fields.push({ from, to: this.#at, name, value });
  }
}

function typeText(first: number): string {
  const type = first >> 4;
  const flags = first & 0x0f;
  const name = TYPES[type] ?? String(type);
  if (type !== 3) return flags === 0 ? name : `${name}, flags ${flags.toString(2).padStart(4, '0')}`;
  const parts = [`QoS ${(flags >> 1) & 3}`, ...(flags & 8 ? ['DUP'] : []), ...(flags & 1 ? ['RETAIN'] : [])];
  return `${name}, ${parts.join(', ')}`;
}

/** Bytes of a hex text; what is no hex ends it. */
export function bytesOfHex(hex: string): Uint8Array {
  const pairs = /^(?:[0-9a-f]{2})*/iu.exec(hex)?.[0] ?? '';
  return Uint8Array.from({ length: pairs.length / 2 }, (_, index) =>
    Number.parseInt(pairs.slice(2 * index, 2 * index + 2), 16),
  );
}
