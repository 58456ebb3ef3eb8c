import type { EventOf } from '../timeline/events.ts';
import type { Summary } from './argument.ts';

/** One `ql_mqtt_*` call, from the host's request to its callbacks. Filled by the narrator, read by rules. */
export interface CallRecord {
  readonly token: number;
  /** As in the protocol: `connect`, `publish`, `sub_unsub` … */
  readonly fn: string;
  /** The slot whose client it acts on, −1 for none: not the slot whose worker makes it, if the two differ. */
  readonly slot: number;
  /** Arguments as the host asked for them. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The packet that they ask for, of a publish or sub_unsub. */
  readonly asked: AskedPacket | undefined;
  readonly request: EventOf<'request'> | undefined;
  readonly begin: EventOf<'call'> | undefined;
  readonly returned: EventOf<'ret'> | undefined;
  /** Callback-enters that carried this call's token, in order. */
  readonly callbacks: readonly EventOf<'enter'>[];
  /** What the slot was when the call began. */
  readonly stateAtBegin: SlotState | undefined;
  /** Which of the slot's clients it acts on: the slot's `generation` when it began. */
  readonly generation: number;
  /** The connection that a connect call opened, once it is known. */
  readonly connection: ConnectionRecord | undefined;
  /** The first packet that it put on the wire: CONNECT, PUBLISH, SUBSCRIBE, UNSUBSCRIBE or DISCONNECT. */
  readonly wire: EventOf<'frame'> | undefined;
  /** What the broker sent for it: PUBACK, PUBREC, PUBCOMP, SUBACK or UNSUBACK of its packet id. Packets that a gate holds are not sent. */
  readonly acks: readonly EventOf<'frame'>[];
}

/** The packet that the arguments of a call ask for. Undefined members can't be told from them. */
export interface AskedPacket {
  readonly type: 'PUBLISH' | 'SUBSCRIBE' | 'UNSUBSCRIBE';
  readonly topic: Summary | null | undefined;
  readonly payload: Summary | null | undefined;
  readonly qos: unknown;
  readonly retain: unknown;
}

/** One TCP connection to the broker. */
export interface ConnectionRecord {
  readonly conn: number;
  readonly listener: string;
  readonly port: number;
  readonly tls: boolean;
  readonly opened: EventOf<'tcp-open'>;
  /** What certificate its listener shows; undefined if nobody said. */
  readonly server: EventOf<'server'> | undefined;
  /** How many connect calls may have opened it, as far as was known then. */
  readonly candidates: number;
  /** The connect call that it belongs to: by port, then by client id. Undefined while nobody can tell. */
  readonly connectCall: CallRecord | undefined;
  readonly slot: number | undefined;
  /** The first CONNECT that came up it. */
  readonly connect: EventOf<'frame'> | undefined;
  /** The first CONNACK that went down it. */
  readonly connack: EventOf<'frame'> | undefined;
  /** The newest packet that came up it, and the one before that. */
  readonly lastUp: EventOf<'frame'> | undefined;
  readonly lastUpBefore: EventOf<'frame'> | undefined;
  /** The newest PUBLISH that went down it. */
  readonly lastInbound: EventOf<'frame'> | undefined;
  /** The first DISCONNECT that came up it. */
  readonly disconnect: EventOf<'frame'> | undefined;
  /** The module's FIN. */
  readonly fin: EventOf<'fin'> | undefined;
  readonly closed: EventOf<'tcp-close'> | undefined;
  /** A fault has acted on it: what the broker did not see may have been sent all the same. */
  readonly isDisturbed: boolean;
}

/** The state of `reference DFA`: what the callbacks and returns so far say about a client slot. */
export interface SlotRecord {
  readonly slot: number;
  readonly state: SlotState;
  readonly handle: number | undefined;
  /** Rises with each successful `ql_mqtt_client_init`. */
  readonly generation: number;
  /** The newest connect call on it that was accepted. */
  readonly connect: CallRecord | undefined;
  readonly inpub: CallRecord | undefined;
  /** Rises with each connection callback of status 0. */
  readonly sessions: number;
  /**
   * Its publishes and subscriptions that have begun and been neither refused nor called back, oldest first; none that passed
   * NULL for a callback. The end of a session leaves none.
   */
  readonly underWay: readonly CallRecord[];
}

export type SlotState = 'no-handle' | 'idle' | 'connecting' | 'connected' | 'disconnecting';

/** One PUBLISH to the module, with the incoming callbacks that brought it to the application. */
export interface InboundRecord {
  readonly frame: EventOf<'frame'>;
  readonly conn: number;
  readonly slot: number;
  /** A QoS 2 PUBLISH of an id that is between its first PUBLISH and its PUBREL: the same message again. [MQTT-4.3.3-2] */
  readonly isRepeat: boolean;
  readonly deliveries: readonly EventOf<'enter'>[];
}
