import type { EventOf } from '../../timeline/events.ts';
import { type RuleContext, type RuleFinding, rule, type Step } from '../rule.ts';

const NO_RESET = 'A-1.no-reset';
const NO_HANG = 'A-2.no-hang';

/** The calls that have begun and not returned. */
type Running = readonly EventOf<'call'>[];

const NONE: Running = [];

/**
 * Whatever comes over the wire, the module neither starts again unannounced nor loses a call.
 *
 * One slice: it is about the module. A start ends every call, so that those which should have returned by then are told first.
 */
export const noResetNoHang = rule<Running, 'call' | 'ret' | 'boot' | 'reset' | 'phase'>({
  id: 'EH-02',
  clause: NO_RESET,
  also: [NO_HANG],
  says: 'the module does not start again unannounced, and every call returns',
  on: ['call', 'ret', 'boot', 'reset', 'phase'],
  step(running = NONE, { event }, context) {
    switch (event.k) {
      case 'call':
        return { state: running.length === 0 ? [event] : [...without(running, event.token), event] };
      case 'ret':
        return { state: without(running, event.token), exercised: 1, clauses: [NO_HANG] };
      case 'phase':
        return event.phase === 'end' ? { state: running, exercised: 1 } : { state: running };
      case 'reset':
        return hung(running, event.at, context);
      default:
        return booted(hung(running, context.moduleUntilMs, context), event);
    }
  },
  end: (running, context) => hung(running, context.moduleUntilMs, context),
});

function booted(ended: Step<Running>, { announced, cause, after, n }: EventOf<'boot'>): Step<Running> {
  if (announced) return ended;
  // Nobody's but the module's: it is told where it was noticed, with word of where it belongs.
  const when = after === undefined ? '' : ` after ${after} had ended, before this scenario began`;
  const finding: RuleFinding = { message: `the module started again unannounced${when}, cause ${cause}`, events: [n] };
  return { exercised: 1, findings: [...(ended.findings ?? []), finding] };
}

function hung(running: Running, untilMs: number, { deadlines, epsilonMs }: RuleContext): Step<Running> {
  const lost = running.filter(({ at, fn }) => {
    const budgetMs = fn === 'connect' ? deadlines.connectMs : deadlines.returnMs;
    return at + budgetMs + epsilonMs < untilMs;
  });
  const findings = lost.map(({ fn, token, n }) => ({
    message: `${fn} #${token} never returned`,
    events: [n],
    clause: NO_HANG,
  }));
  return { exercised: findings.length, clauses: [NO_HANG], findings };
}

function without(running: Running, token: number): Running {
  const isAlone = running.length === 1 && running[0]?.token === token;
  return isAlone ? NONE : running.filter((call) => call.token !== token);
}
