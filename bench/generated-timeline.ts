import { closeSync, openSync, writeSync } from 'node:fs';
import type { Packet } from '../broker/events.ts';
import {
  ackPacket,
  barePacket,
  connackPacket,
  connectPacket,
  publishPacket,
  subackPacket,
  subscribePacket,
  unsubscribePacket,
} from '../harness/oracle/packets.ts';
import { TRACE_HEADER } from '../harness/oracle/trace-builder.ts';
import { WOUNDBLOCK } from '../harness/protocol/codes.ts';

type Members = Readonly<Record<string, unknown>>;
type Random = () => number;

const KEEP_ALIVE_S = 60;
const CALLS_A_SESSION = 400;
const CLOCK_EVERY_CALLS = 50;
const FLUSH_LINES = 2000;

/**
 * Writes a timeline of so many events as a run of a healthy module leaves it: two clients that publish and subscribe at all QoS, are
 * published to, fall idle and ping, disconnect and connect again; each call with its request, waits and expectations. The same
 * seed writes the same file.
 */
export function writeTimeline(path: string, events: number, seed: number): void {
  const file = openSync(path, 'w');
  let lines: string[] = [JSON.stringify({ ...TRACE_HEADER, seed })];
  try {
    let n = 0;
    for (const event of endless(seed)) {
      n += 1;
      lines.push(lineOf(event, n));
      if (n === events - 2) break;
      if (lines.length < FLUSH_LINES) continue;
      writeSync(file, `${lines.join('\n')}\n`);
      lines = [];
    }
    // Cut off wherever it was: what is open is not due yet.
    lines.push(lineOf({ k: 'phase', phase: 'epilogue', src: 'host', at: 0 }, n + 1));
    lines.push(lineOf({ k: 'phase', phase: 'end', src: 'host', at: 0 }, n + 2));
    writeSync(file, `${lines.join('\n')}\n`);
  } finally {
    closeSync(file);
  }
}

/** The members stand in the order in which a timeline is written. */
function lineOf({ at, src, k, heard, ...members }: Members, n: number): string {
  return JSON.stringify({ n, at, src, k, heard, ...members });
}

function* endless(seed: number): Generator<Members> {
  const random = mulberry32(seed);
  const world = new World(random);
  const clients = [new SoundClient(world, 0), new SoundClient(world, 1)];
  yield* world.begin();
  for (;;) for (const client of clients) yield* client.session();
}

/** What both clients share: the clock, the numbers of events, connections and tokens. */
class World {
  readonly random: Random;
  at = 0;
  #seq = 0;
  #token = 1000;
  #conn = 0;
  #calls = 0;

  constructor(random: Random) {
    this.random = random;
  }

  get seq(): number {
    return this.#seq;
  }

  *begin(): Generator<Members> {
    yield this.host({ k: 'phase', phase: 'body' });
    yield this.broker({ k: 'listener', listener: 'bench', address: '127.0.0.1', port: 1883, tls: false });
  }

  nextToken(): number {
    this.#token += 1;
    return this.#token;
  }

  nextConn(): number {
    this.#conn += 1;
    return this.#conn;
  }

  pass(mostMs: number): void {
    this.at += this.random() * mostMs;
  }

  host(members: Members): Members {
    return { ...members, src: 'host', at: rounded(this.at) };
  }

  broker(members: Members): Members {
    return { ...members, src: 'broker', at: rounded(this.at) };
  }

  module(members: Members): Members {
    this.#seq += 1;
    const at = rounded(this.at);
    return { seq: this.#seq, t: Math.round(at), ...members, src: 'module', heard: rounded(at + 1), at };
  }

  /** Now and then the clocks are compared, and all that the module had to say is in. */
  *chore(): Generator<Members> {
    this.#calls += 1;
    if (this.#calls % CLOCK_EVERY_CALLS !== 0) return;
    this.at += 2;
    yield this.host({ k: 'clock', offsetMs: 0, epsilonMs: 1.17, driftPpm: 0 });
    yield this.host({ k: 'sync' });
  }
}

/** A client slot of which nothing bad can be said. */
class SoundClient {
  readonly #world: World;
  readonly #slot: number;
  readonly #topic: string;
  #conn = 0;
  #frames = { up: 0, down: 0 };
  #packetId = 0;
  #inpub = 0;

  constructor(world: World, slot: number) {
    this.#world = world;
    this.#slot = slot;
    this.#topic = `qlhil-1-soak-two-clients-${slot}`;
  }

  *session(): Generator<Members> {
    yield* this.#call('init', { cid: 1 }, 0, 'M-1.init');
    yield* this.#connect();
    this.#inpub = yield* this.#call('set_inpub_callback', {}, 0, 'M-13.set-inpub-callback');
    yield* this.#subscription(1);
    for (let calls = 0; calls < CALLS_A_SESSION; calls += 1) yield* this.#something();
    yield* this.#subscription(0);
    yield* this.#disconnect();
    yield* this.#call('deinit', {}, 0, 'M-15.deinit');
  }

  *#something(): Generator<Members> {
    const die = this.#world.random();
    if (die < 0.55) yield* this.#publish(die < 0.2 ? 0 : die < 0.45 ? 1 : 2);
    else if (die < 0.93) yield* this.#receive(die < 0.65 ? 0 : die < 0.83 ? 1 : 2);
    else if (die < 0.98) yield* this.#call('is_connected', {}, 1, 'M-14.is-connected');
    else if (die < 0.99) yield* this.#subscription(1);
    else yield* this.#idle();
    yield* this.#world.chore();
  }

  *#connect(): Generator<Members> {
    const clientId = `${this.#topic}-client`;
    const info = { clientId, keepAlive: KEEP_ALIVE_S, cleanSession: 1, ssl: null };
    const token = yield* this.#begin('connect', { host: 'mqtt://127.0.0.1:1883', info });
    this.#conn = this.#world.nextConn();
    this.#frames = { up: 0, down: 0 };
    this.#packetId = 0;
    const remote = { address: '127.0.0.1', port: 40_000 + (this.#conn % 20_000) };
    yield this.#world.broker({ k: 'tcp-open', conn: this.#conn, listener: 'bench', port: 1883, remote });
    yield this.#world.broker({ k: 'claimed', conn: this.#conn, by: 'loopback' });
    yield this.#frame('up', connectPacket({ clientId, keepAliveS: KEEP_ALIVE_S }));
    yield* this.#accepted(token, 'connect', 'M-4.connect-callback');
    yield this.#frame('down', connackPacket());
    yield* this.#callback(token, { cb: 'connect', status: 0 });
  }

  *#publish(qos: number): Generator<Members> {
    const payload = 'x'.repeat(8 + Math.floor(this.#world.random() * 120));
    const topic = `${this.#topic}/out`;
    const token = yield* this.#begin('publish', { topic, payload, qos, retain: 0 });
    const id = qos === 0 ? null : this.#nextPacketId();
    yield this.#frame('up', publishPacket({ topic, payload, qos, packetId: id }));
    yield* this.#accepted(token, 'publish', 'M-10.request-callback');
    if (id !== null && qos === 1) yield this.#frame('down', ackPacket('PUBACK', id));
    if (id !== null && qos === 2) {
      yield this.#frame('down', ackPacket('PUBREC', id));
      yield this.#frame('up', ackPacket('PUBREL', id));
      yield this.#frame('down', ackPacket('PUBCOMP', id));
    }
    yield* this.#callback(token, { cb: 'request', err: 0 });
  }

  *#receive(qos: number): Generator<Members> {
    const payload = 'y'.repeat(8 + Math.floor(this.#world.random() * 120));
    const topic = `${this.#topic}/in`;
    const id = qos === 0 ? null : 1 + Math.floor(this.#world.random() * 65_000);
    const packet = publishPacket({ topic, payload, qos, packetId: id });
    if (packet.type !== 'PUBLISH') return;
    this.#world.pass(20);
    yield this.#world.broker({
      k: 'message',
      from: null,
      topic: packet.topic,
      payload: packet.payload,
      qos,
      retain: false,
    });
    yield this.#frame('down', packet);
    if (id !== null && qos === 1) yield this.#frame('up', ackPacket('PUBACK', id));
    if (id !== null && qos === 2) {
      yield this.#frame('up', ackPacket('PUBREC', id));
      yield this.#frame('down', ackPacket('PUBREL', id));
      yield this.#frame('up', ackPacket('PUBCOMP', id));
    }
    const { head: _, ...topicTold } = packet.topic;
    const told = { cb: 'inpub', pktId: id ?? 0, topic: topicTold, payload: packet.payload };
    yield* this.#entered(this.#inpub, told, { intact: true });
  }

  *#subscription(sub: 0 | 1): Generator<Members> {
    const topic = `${this.#topic}/in`;
    const token = yield* this.#begin('sub_unsub', { topic, qos: sub === 1 ? 1 : 0, sub });
    const id = this.#nextPacketId();
    yield this.#frame('up', sub === 1 ? subscribePacket(id, topic, 1) : unsubscribePacket(id, topic));
    yield* this.#accepted(token, 'sub_unsub', 'M-10.request-callback');
    yield this.#frame('down', sub === 1 ? subackPacket(id) : ackPacket('UNSUBACK', id));
    yield* this.#callback(token, { cb: 'request', err: 0 });
  }

  *#disconnect(): Generator<Members> {
    const token = yield* this.#begin('disconnect', {});
    yield* this.#accepted(token, 'disconnect', 'M-12.disconnect-callback');
    yield this.#frame('up', barePacket('DISCONNECT'));
    const conn = this.#conn;
    yield this.#world.broker({ k: 'fin', conn, dir: 'up' });
    yield this.#world.broker({ k: 'fin', conn, dir: 'down' });
    yield this.#world.broker({ k: 'tcp-close', conn, by: 'module', how: 'fin' });
    yield* this.#callback(token, { cb: 'disconnect', err: 0 });
  }

  *#idle(): Generator<Members> {
    this.#world.at += KEEP_ALIVE_S * 1000 * 0.9;
    yield this.#frame('up', barePacket('PINGREQ'));
    yield this.#frame('down', barePacket('PINGRESP'));
  }

  /** A call without a callback. */
  *#call(fn: string, params: Members, ret: number, clause: string): Generator<Members, number> {
    const token = yield* this.#begin(fn, params);
    yield this.#returned(fn, token, ret);
    yield this.#expected('returns', { token, in: [ret] }, clause);
    return token;
  }

  *#begin(fn: string, params: Members): Generator<Members, number> {
    const world = this.#world;
    const token = world.nextToken();
    const slot = this.#slot;
    world.pass(20);
    yield world.host({ k: 'request', method: `mqtt.${fn}`, params: { slot, ...params, token }, token, slot });
    world.pass(2);
    yield world.module({ token, fn, slot, task: 1, k: 'call' });
    return token;
  }

  *#accepted(token: number, fn: string, clause: string): Generator<Members> {
    yield this.#returned(fn, token, WOUNDBLOCK);
    yield this.#waited(`mqtt.${fn} on slot ${this.#slot} to return`, 5000);
    yield this.#expected('returns', { token, in: [WOUNDBLOCK] }, 'M-2.wouldblock');
    yield this.#expected('callback', { token, in: [0] }, clause);
  }

  *#callback(token: number, told: Members): Generator<Members> {
    yield* this.#entered(token, told, {});
    yield this.#waited(`the callback of call ${token} on slot ${this.#slot}`, 8000);
  }

  *#entered(arg: number, told: Members, left: Members): Generator<Members> {
    const world = this.#world;
    world.pass(4);
    const stamp = { slot: this.#slot, handle: 100 + this.#slot, client: 'same', task: 2 };
    yield world.module({ ...stamp, ...told, arg, k: 'enter' });
    yield world.module({ cb: told['cb'], enter: world.seq, task: 2, ...left, k: 'leave' });
  }

  #returned(fn: string, token: number, ret: number): Members {
    const handle = fn === 'deinit' ? 0 : 100 + this.#slot;
    return this.#world.module({ token, fn, slot: this.#slot, task: 1, ret, handle, k: 'ret' });
  }

  #waited(reason: string, budgetMs: number): Members {
    return this.#world.host({ k: 'wait', reason, budgetMs, takenMs: 0.5, ok: true });
  }

  #expected(predicate: string, params: Members, clause: string): Members {
    return this.#world.host({ k: 'expect', predicate, params, clause });
  }

  #frame(dir: 'up' | 'down', packet: Packet): Members {
    this.#world.pass(2);
    this.#frames[dir] += 1;
    const length = lengthOf(packet);
    const hex = '30'.repeat(Math.min(length, 512));
    return this.#world.broker({
      k: 'frame',
      conn: this.#conn,
      dir,
      frame: this.#frames[dir],
      length,
      hex,
      packet,
      lint: [],
    });
  }

  #nextPacketId(): number {
    this.#packetId = (this.#packetId % 65_535) + 1;
    return this.#packetId;
  }
}

/** About as long as the packet would be. */
function lengthOf(packet: Packet): number {
  if (packet.type === 'PUBLISH') return 6 + packet.topic.length + packet.payload.length;
  if (packet.type === 'CONNECT') return 14 + packet.clientId.length;
  return packet.type === 'SUBSCRIBE' || packet.type === 'UNSUBSCRIBE' ? 40 : 4;
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function mulberry32(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
