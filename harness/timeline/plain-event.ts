import { isNumber, isRecord, isText, isTruth } from './member-type.ts';
import { isPacket } from './packet-shape.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Whether a value is an event of one of the kinds that most lines of a timeline are of, with the members that its kind must have.
 *
 * The table of event-shape.ts is the measure: what this takes for an event is one by the table, and of the rest nothing is said.
 * Going through the table by name takes several times as long.
 */
export function isPlainEvent(value: Fields): boolean {
  if (!isNumber(value['n']) || !isNumber(value['at'])) return false;
  switch (value['src']) {
    case 'module':
      return isOfModule(value);
    case 'broker':
      return isOfBroker(value);
    case 'host':
      return isOfHost(value);
    default:
      return false;
  }
}

function isOfModule(value: Fields): boolean {
  if (!isNumber(value['seq']) || !isNumber(value['t']) || !isNumber(value['heard']) || !isNumber(value['task']))
    return false;
  switch (value['k']) {
    case 'call':
      return isCall(value);
    case 'ret':
      return isCall(value) && isNumber(value['ret']);
    case 'enter':
      return isText(value['cb']) && isNumber(value['slot']) && isNumber(value['handle']) && isText(value['client']);
    case 'leave':
      return isText(value['cb']) && isNumber(value['enter']);
    default:
      return false;
  }
}

function isCall(value: Fields): boolean {
  return isNumber(value['token']) && isText(value['fn']) && isNumber(value['slot']);
}

function isOfBroker(value: Fields): boolean {
  switch (value['k']) {
    case 'frame':
      return isFrame(value);
    case 'message':
      return (
        isRecord(value['topic']) && isRecord(value['payload']) && isNumber(value['qos']) && isTruth(value['retain'])
      );
    default:
      return false;
  }
}

function isFrame(value: Fields): boolean {
  const { conn, dir, length, hex, packet, lint } = value;
  return (
    isNumber(conn) &&
    isText(dir) &&
    isNumber(length) &&
    isText(hex) &&
    isRecord(packet) &&
    isPacket(packet) &&
    Array.isArray(lint)
  );
}

function isOfHost(value: Fields): boolean {
  switch (value['k']) {
    case 'request':
      return isText(value['method']) && isRecord(value['params']);
    case 'expect':
      return isText(value['predicate']) && isRecord(value['params']) && isText(value['clause']);
    case 'wait':
      return (
        isText(value['reason']) && isNumber(value['budgetMs']) && isNumber(value['takenMs']) && isTruth(value['ok'])
      );
    default:
      return false;
  }
}
