/**
 * What the broker side saw, in the broker's own words. Times are milliseconds of the clock that the broker was opened with.
 *
 * An event that travels to the module is reported before its bytes are written: whatever the module does because of them
 * comes later in the same stream.
 */
export type BrokerEvent =
  | ListenerOpened
  | ConnectionOpened
  | ClientHelloSeen
  | TlsSecured
  | TlsFailed
  | FrameSeen
  | BytesOutsideFrame
  | MessagePublished
  | GateFired
  | FaultActed
  | ConnectionClaimed
  | StrangerTurnedAway
  | HalfClosed
  | ConnectionClosed
  | TlsKeyLogged;

interface BrokerEventBase {
  readonly at: number;
}

interface OnConnection extends BrokerEventBase {
  /** Number of the connection in this broker, from 1. */
  readonly conn: number;
}

/** `up` is from the module to the broker, `down` the other way. */
export type Direction = 'up' | 'down';

export interface ListenerOpened extends BrokerEventBase {
  readonly k: 'listener';
  readonly listener: string;
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
}

export interface ConnectionOpened extends OnConnection {
  readonly k: 'tcp-open';
  readonly listener: string;
  readonly port: number;
  readonly remote: { readonly address: string; readonly port: number };
}

export interface ClientHelloSeen extends OnConnection {
  readonly k: 'client-hello';
  readonly sni: string | null;
  /** Protocol versions offered, e.g. `TLSv1.2`. */
  readonly versions: readonly string[];
  /** Cipher suite code points offered. */
  readonly ciphers: readonly number[];
  readonly extensions: readonly number[];
}

export interface TlsSecured extends OnConnection {
  readonly k: 'tls-secured';
  readonly version: string;
  readonly cipher: string;
  readonly sni: string | null;
  /** SHA-256 fingerprint of the client's certificate, if it sent one. */
  readonly clientCertificate: string | null;
}

/** `code` of a handshake that never began: what came first was no ClientHello. */
export const NO_CLIENT_HELLO = 'NO_CLIENT_HELLO';

/**
 * The handshake ended without a session; `code` is what the server's TLS said (e.g. `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA`), or
 * `NO_CLIENT_HELLO`.
 */
export interface TlsFailed extends OnConnection {
  readonly k: 'tls-failed';
  readonly code: string;
  readonly message: string;
}

/** One MQTT control packet, cut by our own framer. `hex` holds the raw bytes, whole up to `HEX_LIMIT_BYTES`, cut after. */
export interface FrameSeen extends OnConnection {
  readonly k: 'frame';
  readonly dir: Direction;
  /** Number of the frame on this connection and direction, from 1. */
  readonly frame: number;
  readonly length: number;
  readonly hex: string;
  readonly packet: Packet;
  /** What breaks MQTT 3.1.1 in it: frames from the module only. */
  readonly lint: readonly LintFinding[];
  /** What makes a `down` frame one that a server must not send; looked at alone, and absent when there is nothing. */
  readonly defects?: readonly LintFinding[];
  /** True when a gate, a script or a fault made it, not the ordinary peer. */
  readonly injected?: boolean;
  /** Set when a gate kept a `down` frame from the module; it is then reported again, without this, if it is released. */
  readonly held?: boolean;
}

export const HEX_LIMIT_BYTES = 512;

export interface LintFinding {
  /** e.g. `MQTT-2.3.1-1` */
  readonly clause: string;
  readonly says: string;
}

/** Bytes received from a peer, whole in length and CRC-32, in full only at the head. */
export interface ByteSummary {
  readonly length: number;
  /** CRC-32 (IEEE) as an unsigned number. */
  readonly crc32: number;
  /** The first `HEAD_BYTES` bytes, in hex. */
  readonly head: string;
}

export const HEAD_BYTES = 64;

/** A decoded packet. A frame that can't be decoded is `malformed`, with what is wrong. */
export type Packet =
  | {
      readonly type: 'CONNECT';
      readonly protocolName: string;
      readonly protocolLevel: number;
      readonly cleanSession: boolean;
      readonly keepAliveS: number;
      readonly clientId: string;
      readonly userName: string | null;
      readonly password: ByteSummary | null;
      readonly will: {
        readonly topic: string;
        readonly message: ByteSummary;
        readonly qos: number;
        readonly retain: boolean;
      } | null;
    }
  | { readonly type: 'CONNACK'; readonly sessionPresent: boolean; readonly returnCode: number }
  | {
      readonly type: 'PUBLISH';
      readonly dup: boolean;
      readonly qos: number;
      readonly retain: boolean;
      readonly topic: TextSummary;
      readonly packetId: number | null;
      readonly payload: ByteSummary;
    }
  | {
      readonly type: 'PUBACK' | 'PUBREC' | 'PUBREL' | 'PUBCOMP' | 'UNSUBACK';
      readonly packetId: number;
    }
  | {
      readonly type: 'SUBSCRIBE';
      readonly packetId: number;
      readonly filters: readonly { readonly filter: TextSummary; readonly qos: number }[];
    }
  | { readonly type: 'SUBACK'; readonly packetId: number; readonly codes: readonly number[] }
  | { readonly type: 'UNSUBSCRIBE'; readonly packetId: number; readonly filters: readonly TextSummary[] }
  | { readonly type: 'PINGREQ' | 'PINGRESP' | 'DISCONNECT' }
  | { readonly type: 'malformed'; readonly typeNibble: number; readonly why: string };

/** A string on the wire: its bytes summarised, and its text, cut to `TEXT_LIMIT` characters, if it is well-formed UTF-8. */
export interface TextSummary extends ByteSummary {
  readonly text: string | null;
}

export const TEXT_LIMIT = 256;

export type PacketType = Packet['type'];

/** A message that the ordinary peer took in, from a client, from a will or from the test (`from` is null), once for all subscribers. */
export interface MessagePublished extends BrokerEventBase {
  readonly k: 'message';
  /** The client id of the sender. */
  readonly from: string | null;
  readonly topic: TextSummary;
  readonly payload: ByteSummary;
  readonly qos: number;
  readonly retain: boolean;
}

/**
 * Bytes that are no whole packet: a remaining length of five bytes, a part of a packet that was injected or that the
 * connection ended in, or what follows either. A `down` packet that is written in parts is reported as a frame too, before
 * the bytes that complete it.
 */
export interface BytesOutsideFrame extends OnConnection {
  readonly k: 'bytes';
  readonly dir: Direction;
  readonly hex: string;
  readonly length: number;
  readonly why: string;
}

export interface GateFired extends BrokerEventBase {
  readonly k: 'gate';
  readonly gate: string;
  readonly verb: string;
  readonly act: 'armed' | 'fired' | 'released' | 'closed';
  readonly conn?: number;
  readonly frame?: number;
  /** How often it has fired so far. */
  readonly count: number;
}

export interface FaultActed extends BrokerEventBase {
  readonly k: 'fault';
  readonly fault: string;
  readonly act: 'armed' | 'fired' | 'disarmed';
  readonly conn?: number;
  readonly detail?: string;
}

export interface ConnectionClaimed extends OnConnection {
  readonly k: 'claimed';
  readonly by: 'loopback' | 'port' | 'sni' | 'address' | 'client-id' | 'credentials';
}

export interface StrangerTurnedAway extends OnConnection {
  readonly k: 'stranger';
  readonly why: string;
}

/** The peer sent FIN. */
export interface HalfClosed extends OnConnection {
  readonly k: 'fin';
  readonly dir: Direction;
  /** Whether the module said close_notify before; only where the listener watches for it. */
  readonly closeNotify?: boolean;
}

export interface ConnectionClosed extends OnConnection {
  readonly k: 'tcp-close';
  /** Who ended it first. */
  readonly by: 'module' | 'broker';
  readonly how: 'fin' | 'rst' | 'error';
  readonly error?: string;
}

/** A line of the NSS key log, for decrypting a capture. Never in a timeline unless a capture was asked for. */
export interface TlsKeyLogged extends OnConnection {
  readonly k: 'tls-key';
  readonly line: string;
}
