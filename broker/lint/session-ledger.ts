import { crc32 } from 'node:zlib';
import type { LintFinding, Packet } from '../events.ts';
import { AckOrder } from './ack-order.ts';

type Publish = Extract<Packet, { type: 'PUBLISH' }>;
type Request = Extract<Packet, { type: 'SUBSCRIBE' | 'UNSUBSCRIBE' }>;

/** What makes two packets the same: small, since up to 65,535 are kept. */
interface Content {
  /** QoS and retain of a PUBLISH; the type of a request. */
  readonly head: string | number;
  readonly topicCrc: number;
  readonly bodyCrc: number;
  readonly length: number;
}

/** A packet id that the module has in use. */
interface Flow {
  readonly kind: 'QoS 1' | 'QoS 2' | 'SUBSCRIBE' | 'UNSUBSCRIBE';
  /** Tells a resend from another packet. */
  readonly content: Content;
  readonly conn: number;
  /** QoS 2: PUBLISH sent, PUBREC written to the module, PUBREL seen. An ended one tells what its id carried last. */
  stage: 'sent' | 'received' | 'released' | 'ended';
}

/**
 * The packet ids of one MQTT session, both ways, for the statements that only a sequence of frames can break.
 *
 * What goes to the module counts when it is written, so an id is free here at the earliest moment at which the module
 * can know it. A resend that crosses its own acknowledgement is therefore told from a first sending with DUP 1 by the
 * content of what the id carried last.
 */
export class SessionLedger {
  /** By packet id; ended ones stay until their id is used again. */
  readonly #flows = new Map<number, Flow>();
  /** Flows of a session that a clean CONNECT threw away. */
  readonly #discarded = new Map<number, Flow>();
  /** Ids for which a PUBREC was written: a PUBREL for them is an answer, whatever else is known. */
  readonly #recWritten = new Set<number>();
  readonly #pubacks = new AckOrder();
  readonly #pubrecs = new AckOrder();
  readonly #pubrels = new AckOrder();
  readonly #pubcomps = new AckOrder();

  /** A CONNECT on connection `conn`: a clean one discards all, another only the requests that died with their connection. */
  begin(conn: number, clean: boolean): void {
    for (const [id, flow] of this.#openFlows())
      if (clean || (flow.conn !== conn && isRequest(flow))) this.#drop(id, clean ? flow : undefined);
    if (clean) this.#forgetAcks();
  }

  /** CONNACK 0 without session present: what older connections left is gone at the server. */
  lostBefore(conn: number): void {
    for (const [id, flow] of this.#openFlows()) if (flow.conn !== conn) this.#drop(id, undefined);
    this.#forgetAcks();
  }

  /** A packet from the module. */
  fromModule(packet: Packet, conn: number): LintFinding[] {
    if (packet.type === 'PUBLISH') return this.#publish(packet, conn);
    if (packet.type === 'SUBSCRIBE' || packet.type === 'UNSUBSCRIBE') return this.#request(packet, conn);
    if (packet.type === 'PUBREL') return this.#pubrel(packet.packetId);
    if (packet.type === 'PUBACK') return this.#puback(packet.packetId);
    if (packet.type === 'PUBREC') return this.#pubrec(packet.packetId);
    return packet.type === 'PUBCOMP' ? this.#pubcomp(packet.packetId) : [];
  }

  /** A packet that is being written to the module. */
  toModule(packet: Packet): void {
    if (packet.type === 'PUBLISH') this.#delivered(packet);
    else if (packet.type === 'PUBACK') this.#finish(packet.packetId, 'QoS 1');
    else if (packet.type === 'PUBREC') this.#recTo(packet.packetId);
    else if (packet.type === 'PUBCOMP') this.#compTo(packet.packetId);
    else if (packet.type === 'SUBACK') this.#finish(packet.packetId, 'SUBSCRIBE');
    else if (packet.type === 'UNSUBACK') this.#finish(packet.packetId, 'UNSUBSCRIBE');
    else if (packet.type === 'PUBREL') this.#pubcomps.owe(packet.packetId);
  }

  #publish(packet: Publish, conn: number): LintFinding[] {
    const { packetId: id, qos } = packet;
    if (id === null || id === 0 || qos > 2) return [];
    const content = publishContent(packet);
    const last = this.#flows.get(id);
    if (last !== undefined && isOpen(last)) return againFindings(last, packet, content);
    const findings = packet.dup ? this.#dupFindings(packet, last, content) : [];
    this.#flows.set(id, { kind: qos === 1 ? 'QoS 1' : 'QoS 2', content, conn, stage: 'sent' });
    return findings;
  }

  /**
   * DUP 1 on an id that carries nothing: a resend that crossed its ack, or one of a discarded session, or one that took another
   * id, or a wrong flag.
   */
  #dupFindings({ packetId, qos }: Publish, ended: Flow | undefined, content: Content): LintFinding[] {
    const id = Number(packetId);
    if (isSame(ended?.content, content)) return [];
    if (isSame(this.#discarded.get(id)?.content, content))
      return [{ clause: 'MQTT-3.1.2-6', says: `PUBLISH ${id} of a discarded session is sent again` }];
    const [former] = [...this.#flows].find(([, flow]) => isOpen(flow) && isSame(flow.content, content)) ?? [];
    if (former !== undefined) return [{ clause: 'MQTT-2.3.1-3', says: `PUBLISH ${former} is sent again as ${id}` }];
    const clause = qos === 1 ? 'MQTT-4.3.2-1' : 'MQTT-4.3.3-1';
    return [{ clause, says: `the first PUBLISH with packet id ${id} has DUP 1` }];
  }

  #request(packet: Request, conn: number): LintFinding[] {
    const { packetId: id, type } = packet;
    if (id === 0) return [];
    const content = requestContent(packet);
    const flow = this.#findOpen(id);
    if (isSame(flow?.content, content)) return [];
    if (flow === undefined) this.#flows.set(id, { kind: type, content, conn, stage: 'sent' });
    return flow === undefined ? [] : [inUse(id, type, flow)];
  }

  #pubrel(id: number): LintFinding[] {
    const flow = this.#findOpen(id);
    const findings = this.#pubrels.settle(id) === 'late' ? [late('MQTT-4.6.0-4', 'PUBREL', id)] : [];
    if (flow?.kind === 'QoS 2' && flow.stage !== 'sent') flow.stage = 'released';
    else if (!this.#recWritten.has(id)) findings.push(this.#strayPubrel(id));
    return findings;
  }

  #strayPubrel(id: number): LintFinding {
    return this.#discarded.get(id)?.kind === 'QoS 2'
      ? { clause: 'MQTT-3.1.2-6', says: `PUBREL ${id} of a discarded session` }
      : { clause: 'MQTT-4.3.3-1', says: `PUBREL ${id} without a PUBREC of that id` };
  }

  #puback(id: number): LintFinding[] {
    const found = this.#pubacks.settle(id);
    if (found === 'late') return [late('MQTT-4.6.0-2', 'PUBACK', id)];
    if (found === 'in order' || id === 0) return [];
    return [this.#pubrecs.owes(id) ? wrongAnswer(id, 'QoS 2', 'PUBACK') : unsolicited('MQTT-2.3.1-6', 'PUBACK', id)];
  }

  #pubrec(id: number): LintFinding[] {
    const found = this.#pubrecs.settle(id);
    if (found === 'late') return [late('MQTT-4.6.0-3', 'PUBREC', id)];
    if (found === 'in order' || id === 0) return [];
    return [this.#pubacks.owes(id) ? wrongAnswer(id, 'QoS 1', 'PUBREC') : unsolicited('MQTT-2.3.1-6', 'PUBREC', id)];
  }

  #pubcomp(id: number): LintFinding[] {
    return this.#pubcomps.settle(id) === 'none' ? [unsolicited('MQTT-4.3.3-2', 'PUBCOMP', id)] : [];
  }

  #delivered({ packetId, qos }: Publish): void {
    if (packetId === null) return;
    if (qos === 1) this.#pubacks.owe(packetId);
    if (qos === 2) this.#pubrecs.owe(packetId);
  }

  #recTo(id: number): void {
    this.#recWritten.add(id);
    const flow = this.#findOpen(id);
    if (flow?.kind !== 'QoS 2' || flow.stage !== 'sent') return;
    flow.stage = 'received';
    this.#pubrels.owe(id);
  }

  #compTo(id: number): void {
    if (this.#flows.get(id)?.stage !== 'sent') this.#finish(id, 'QoS 2');
  }

  #finish(id: number, kind: Flow['kind']): void {
    const flow = this.#findOpen(id);
    if (flow?.kind === kind) flow.stage = 'ended';
  }

  #drop(id: number, discarded: Flow | undefined): void {
    this.#flows.delete(id);
    if (discarded !== undefined) this.#discarded.set(id, discarded);
  }

  #findOpen(id: number): Flow | undefined {
    const flow = this.#flows.get(id);
    return flow !== undefined && isOpen(flow) ? flow : undefined;
  }

  #openFlows(): readonly (readonly [number, Flow])[] {
    return [...this.#flows].filter(([, flow]) => isOpen(flow));
  }

  #forgetAcks(): void {
    for (const order of [this.#pubacks, this.#pubrecs, this.#pubrels, this.#pubcomps]) order.clear();
    this.#recWritten.clear();
  }
}

function isOpen({ stage }: Flow): boolean {
  return stage !== 'ended';
}

function isRequest(flow: Flow): boolean {
  return flow.kind === 'SUBSCRIBE' || flow.kind === 'UNSUBSCRIBE';
}

/** A PUBLISH on an id that is in use: a legal resend, or one of three breaches. */
function againFindings(flow: Flow, packet: Publish, content: Content): LintFinding[] {
  const id = packet.packetId;
  if (!isSame(flow.content, content)) {
    return packet.dup
      ? [{ clause: 'MQTT-2.3.1-3', says: `PUBLISH ${id} is sent again with another content` }]
      : [inUse(id, 'PUBLISH', flow)];
  }
  if (flow.stage === 'released')
    return [{ clause: 'MQTT-4.3.3-1', says: `PUBLISH ${id} is sent again after its PUBREL` }];
  return packet.dup ? [] : [{ clause: 'MQTT-3.3.1-1', says: `PUBLISH ${id} is sent again with DUP 0` }];
}

function publishContent({ qos, retain, topic, payload }: Publish): Content {
  return {
    head: qos * 2 + (retain ? 1 : 0),
    topicCrc: topic.crc32,
    bodyCrc: payload.crc32,
    length: topic.length + payload.length,
  };
}

function requestContent(packet: Request): Content {
  const body = Buffer.from(JSON.stringify(packet.filters));
  return { head: packet.type, topicCrc: 0, bodyCrc: crc32(body), length: body.length };
}

function isSame(a: Content | undefined, b: Content): boolean {
  return (
    a !== undefined &&
    a.head === b.head &&
    a.topicCrc === b.topicCrc &&
    a.bodyCrc === b.bodyCrc &&
    a.length === b.length
  );
}

function inUse(id: number | null, type: string, flow: Flow): LintFinding {
  return { clause: 'MQTT-2.3.1-2', says: `${type} takes packet id ${id}, in use by ${flow.kind}` };
}

function late(clause: string, type: string, id: number): LintFinding {
  return { clause, says: `${type} ${id} comes after one that was owed later` };
}

function unsolicited(clause: string, type: string, id: number): LintFinding {
  return { clause, says: `${type} ${id} answers nothing` };
}

function wrongAnswer(id: number, level: string, type: string): LintFinding {
  return { clause: 'MQTT-3.3.4-1', says: `PUBLISH ${id} with ${level} is answered by ${type}` };
}
