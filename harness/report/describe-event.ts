import { findErrorName, findStatusName } from '../protocol/codes.ts';
import type { EventOf, TimelineEvent } from '../timeline/events.ts';
import { describePacket } from './describe-packet.ts';

const PARAMS_SHOWN = 80;

/** A timeline event as one line of text, without its time and source. */
export function describeEvent(event: TimelineEvent): string {
  switch (event.k) {
    case 'call':
      return `${event.fn} #${event.token} begins${event.in === undefined ? '' : ' inside a callback'}`;
    case 'ret':
      return `${event.fn} #${event.token} returns ${codeText(event)}`;
    case 'enter':
      return enterText(event);
    case 'leave':
      return `${event.cb} callback is left`;
    case 'reset':
      return `reset: ${event.why}`;
    case 'at':
      return `AT: ${event.line}`;
    case 'network':
      return `network ${event.what} ${String(event.value)}`;
    case 'lost':
    case 'overflow':
      return `events lost: ${JSON.stringify(event.counts)}`;
    case 'request':
      return `asks ${event.method}${tokenText(event.token)} ${paramsText(event.params)}`;
    case 'wait':
      return `waited ${event.takenMs} of ${event.budgetMs} ms for ${event.reason}${event.ok ? '' : ': in vain'}`;
    case 'expect':
      return `expects ${event.predicate} ${paramsText(event.params)} [${event.clause}]`;
    case 'observe':
      return `observes ${event.name} = ${String(event.value)} [${event.clause}]`;
    case 'measure':
      return `measures ${event.name} = ${event.value} ${event.unit}`;
    case 'clock':
      return `clock offset ${event.offsetMs} ms ± ${event.epsilonMs}`;
    case 'noise':
      return `noise, ${event.length} bytes: ${event.why}`;
    case 'port-lost':
      return `port ${event.port} lost: ${event.why}`;
    case 'reopen':
      return `port ${event.port} opened again, link ${event.link}${event.resumed ? '' : ', new session'}`;
    case 'boot':
      return `module started${event.after === undefined ? '' : ` after ${event.after} had ended`}, cause ${event.cause}${event.announced ? '' : ', unannounced'}`;
    case 'server':
      return `port ${event.port} shows the certificate "${event.identity}"${event.flaw === null ? '' : `, which breaks ${event.flaw}`}`;
    case 'file':
      return `file ${event.name} holds ${event.holds}`;
    case 'situation':
      return `situation ${event.nth} of ${event.relation}: ${event.act}`;
    case 'sync':
      return 'nothing more from the module up to here';
    case 'phase':
      return `phase ${event.phase}`;
    case 'trouble':
      return `trouble: ${event.what}`;
    default:
      return brokerText(event);
  }
}

function brokerText(event: Extract<TimelineEvent, { readonly src: 'broker' }>): string {
  switch (event.k) {
    case 'frame':
      return frameText(event);
    case 'bytes':
      return `${arrow(event.dir)} ${event.length} bytes outside any packet: ${event.why}`;
    case 'listener':
      return `listens on port ${event.port}${event.tls ? ' with TLS' : ''}`;
    case 'tcp-open':
      return `connection ${event.conn} opened`;
    case 'client-hello':
      return `ClientHello on connection ${event.conn}, server name ${event.sni ?? 'none'}`;
    case 'tls-secured':
      return `${event.version} on connection ${event.conn}`;
    case 'tls-failed':
      return `TLS failed on connection ${event.conn}: ${event.code}`;
    case 'message':
      return `message "${event.topic.text ?? '?'}" taken in, ${event.payload.length} bytes`;
    case 'gate':
      return `gate ${event.gate} (${event.verb}) ${event.act}`;
    case 'fault':
      return `fault ${event.fault} ${event.act}${event.detail === undefined ? '' : `: ${event.detail}`}`;
    case 'claimed':
      return `connection ${event.conn} claimed by ${event.by}`;
    case 'stranger':
      return `connection ${event.conn} is a stranger: ${event.why}`;
    case 'fin':
      return `${arrow(event.dir)} FIN${closeNotifyText(event)} on connection ${event.conn}`;
    case 'tcp-close':
      return `connection ${event.conn} closed by the ${event.by} (${event.how})`;
    default:
      return 'TLS key logged';
  }
}

function frameText(event: EventOf<'frame'>): string {
  const held = event.held === true ? ', held' : '';
  const injected = event.injected === true ? ', injected' : '';
  return `${arrow(event.dir)} ${describePacket(event.packet)}${held}${injected}`;
}

function closeNotifyText({ closeNotify }: EventOf<'fin'>): string {
  if (closeNotify === undefined) return '';
  return closeNotify ? ' after close_notify' : ' without close_notify';
}

function arrow(dir: 'up' | 'down'): string {
  return dir === 'up' ? '▲' : '▼';
}

function codeText({ fn, ret }: EventOf<'ret'>): string {
  const name = fn === 'is_connected' || fn === 'onenet_token' ? undefined : findErrorName(ret);
  return name === undefined ? String(ret) : `${ret} ${name}`;
}

function enterText(event: EventOf<'enter'>): string {
  switch (event.cb) {
    case 'connect':
      return `connect callback #${event.arg} status ${event.status} ${findStatusName(event.status) ?? 'unlisted'}`;
    case 'inpub':
      return `incoming callback #${event.arg} "${event.topic?.text ?? '?'}" ${event.payload?.length ?? 0} bytes id ${event.pktId}`;
    case 'exception':
      return `exception callback, slot ${event.slot}`;
    default:
      return `${event.cb} callback #${event.arg} err ${event.err}`;
  }
}

function tokenText(token: number | undefined): string {
  return token === undefined ? '' : ` #${token}`;
}

function paramsText(params: Readonly<Record<string, unknown>>): string {
  const { token: _, ...rest } = params;
  const text = JSON.stringify(rest);
  return text.length > PARAMS_SHOWN ? `${text.slice(0, PARAMS_SHOWN)}…` : text;
}
