import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import { BrokerError } from '../broker-error.ts';
import { type Credentials, knowsCredentials } from '../claims.ts';
import { errorMessage } from '../error-code.ts';
import type { BrokerEvent } from '../events.ts';
import { summariseBytes, summariseString } from '../frame/summary.ts';
import { OrdinaryLink } from './ordinary-link.ts';
import type { Peer, PeerLink, PeerSession } from './peer.ts';

/** A message from the test itself, as another client would publish it. */
export interface Message {
  readonly topic: string;
  readonly payload?: string | Buffer;
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
}

/** What a CONNECT offers to log in with. */
export interface LoginOffer {
  readonly clientId: string;
  readonly userName: string | null;
  readonly password: Buffer | null;
}

/** Who may come in through a listener, and what they may touch. */
export interface AccessPolicy {
  readonly credentials?: Credentials;
  /** Decides by itself: the CONNACK return code, 0 or 2 to 5 (aedes turns 1 and 6 into 5). */
  readonly authenticate?: (offer: LoginOffer) => number;
  /** Topics outside are refused: SUBACK 0x80, or a closed connection on PUBLISH. */
  readonly topicPrefix?: string;
}

const BAD_USER_NAME_OR_PASSWORD = 4;

const SYSTEM_TOPICS = '$SYS';

/**
 * The ordinary broker behind all listeners: aedes, with sessions and retained messages for as long as the broker lives.
 * It never carries a verdict: where its known deviations would matter, a scripted peer answers.
 */
export class OrdinaryPeer implements AsyncDisposable {
  readonly #aedes: Aedes;
  readonly #policies = new WeakMap<object, AccessPolicy>();
  #lastPublish: Promise<void> = Promise.resolve();

  private constructor(aedes: Aedes) {
    this.#aedes = aedes;
    aedes.authenticate = (client, userName, password, done) => {
      const code = this.#login(client, { clientId: client.id, userName: userName ?? null, password: password ?? null });
      done(code === 0 ? null : refusal(code), code === 0);
    };
    aedes.authorizeSubscribe = (client, subscription, done) =>
      done(null, this.#mayUse(client, subscription.topic) ? subscription : null);
    aedes.authorizePublish = (client, { topic }, done) =>
      done(this.#mayPublish(client, topic) ? null : new Error(`topic ${topic} is not for this client`));
    // Clients come and go badly here on purpose; what happened to them is in the events of their connection.
    aedes.on('clientError', () => undefined);
    aedes.on('connectionError', () => undefined);
  }

  static async open(report: (event: BrokerEvent) => void, clock: () => number): Promise<OrdinaryPeer> {
    const aedes = await Aedes.createBroker({
      // Bounds that would be taken for faults of the module.
      queueLimit: 1_000,
      maxInflightInbound: 0,
      maxClientsIdLength: 65_535,
      connectTimeout: 3_600_000,
    });
    const peer = new OrdinaryPeer(aedes);
    peer.#observe((packet, from) => report(messageEvent(packet, from, clock())));
    return peer;
  }

  /** The peer for one listener. */
  behind(policy: AccessPolicy): Peer {
    return { name: 'aedes', attach: (link) => this.#attach(link, policy) };
  }

  /**
   * Publishes as another client would. One after the other: aedes loses QoS 1 and 2 messages that are followed by QoS 0
   * in the same tick.
   * @throws BrokerError PUBLISH_FAILED
   */
  async publish({ topic, payload = '', qos = 0, retain = false }: Message): Promise<void> {
    const before = this.#lastPublish;
    const sent = (async () => {
      await before.catch(() => undefined);
      await this.#publishNow({ cmd: 'publish', topic, payload, qos, retain, dup: false });
    })();
    this.#lastPublish = sent.catch(() => undefined);
    await sent;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#aedes.close(resolve);
    });
  }

  /**
   * Whatever is published, by a client, as a will or by the test, goes through `publish`, which is told who it is from. Told
   * before, so that what a message brings about comes after it in the events; a subscription costs aedes as much as all the rest.
   */
  #observe(onMessage: (packet: PublishPacket, from: string | null) => void): void {
    const publish = this.#aedes.publish.bind(this.#aedes);
    this.#aedes.publish = (packet: PublishPacket, ...rest: unknown[]) => {
      if (!packet.topic.startsWith(SYSTEM_TOPICS)) onMessage(packet, clientId(rest[0]));
      Reflect.apply(publish, undefined, [packet, ...rest]);
    };
  }

  #attach(link: PeerLink, policy: AccessPolicy): PeerSession {
    const stream = new OrdinaryLink(link);
    this.#policies.set(stream, policy);
    this.#aedes.handle(stream);
    return stream;
  }

  #publishNow(packet: PublishPacket): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#aedes.publish(packet, (error) => {
        const { topic } = packet;
        if (error === undefined || error === null) resolve();
        else reject(new BrokerError('PUBLISH_FAILED', `publish to ${topic}: ${errorMessage(error)}`, { topic }));
      });
    });
  }

  #login(client: Client, offer: LoginOffer): number {
    const { authenticate, credentials } = this.#policyOf(client);
    if (authenticate !== undefined) return authenticate(offer);
    if (credentials === undefined || knowsCredentials(credentials, offer.userName, offer.password)) return 0;
    return BAD_USER_NAME_OR_PASSWORD;
  }

  #mayPublish(client: Client | null, topic: string): boolean {
    return !topic.startsWith(SYSTEM_TOPICS) && (client === null || this.#mayUse(client, topic));
  }

  #mayUse(client: Client, topic: string): boolean {
    const { topicPrefix } = this.#policyOf(client);
    return topicPrefix === undefined || topic.startsWith(topicPrefix);
  }

  #policyOf(client: Client): AccessPolicy {
    return this.#policies.get(client.conn) ?? {};
  }
}

function refusal(returnCode: number): AuthenticateError {
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- an ambient const enum has no values to import
  return Object.assign(new Error(`login refused with ${returnCode}`), { returnCode });
}

/** The test publishes without a client. */
function clientId(client: unknown): string | null {
  const isClient = typeof client === 'object' && client !== null && 'id' in client;
  return isClient && typeof client.id === 'string' ? client.id : null;
}

function messageEvent(packet: PublishPacket, from: string | null, at: number): BrokerEvent {
  const { topic, payload, qos, retain } = packet;
  return {
    k: 'message',
    at,
    from,
    topic: summariseString(topic),
    payload: summariseBytes(typeof payload === 'string' ? Buffer.from(payload) : payload),
    qos,
    retain,
  };
}
