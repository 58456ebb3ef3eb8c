import type { Connection } from '../connection.ts';

/** How the broker's side of a connection is ended. */
export type EndHow =
  /** FIN (after close_notify under TLS); what the module still sends is read until it closes too. */
  | 'fin'
  /** FIN without close_notify: a truncated TLS session. The same as `fin` without TLS. */
  | 'truncate'
  /** RST. */
  | 'rst'
  /** FIN, and the connection stays open for what the module sends until the listener closes. */
  | 'half-close';

/** Whoever answers the module. */
export interface Peer {
  readonly name: string;
  /** What it sends counts as injected, and it may send parts of packets. */
  readonly isExact?: boolean;
  /** Called once for each connection that has got as far as MQTT. */
  attach(link: PeerLink): PeerSession;
}

/** What a peer can do to its connection. */
export interface PeerLink {
  readonly connection: Pick<Connection, 'conn' | 'claimedBy' | 'remote'>;
  /** Sends through the gates. False: no more until `whenDrained`. */
  send(bytes: Buffer): boolean;
  whenDrained(callback: () => void): void;
  /** Wants bytes from the module again after `receive` returned false. */
  resume(): void;
  end(how: EndHow): void;
  /** Puts a remark into the events. */
  note(detail: string): void;
}

/** What a connection tells its peer. */
export interface PeerSession {
  /** Bytes from the module, whole frames as far as there are any. False: no more until `resume`. */
  receive(bytes: Buffer): boolean;
  /** The module sent FIN. */
  moduleEnded(): void;
  /** The connection is gone; `error` when it did not end in order. */
  connectionClosed(error: Error | undefined): void;
}
