import type { EventOf } from '../../timeline/events.ts';
import type { CallRecord } from '../narration.ts';
import { type RuleContext, type RuleFinding, rule, type Step } from '../rule.ts';

const NO_RESET = 'A-1.no-reset';
const NO_HANG = 'A-2.no-hang';

/** The calls that have begun; whether they have returned is looked at now and then. */
type Running = readonly CallRecord[];

const NONE: Running = [];

/**
 * Whatever comes over the wire, the module neither starts again unannounced nor loses a call.
 *
 * One slice: it is about the module. A start ends every call, so that those which should have returned by then are told first.
 */
export const noResetNoHang = rule<Running, 'call' | 'boot' | 'reset' | 'phase'>({
  id: 'EH-02',
  clause: NO_RESET,
  also: [NO_HANG],
  says: 'the module does not start again unannounced, and every call returns',
  on: ['call', 'boot', 'reset', 'phase'],
  step(running = NONE, { event, call }, context) {
    switch (event.k) {
      case 'call':
        return call === undefined ? { state: running } : begun(running, call);
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

function begun(running: Running, call: CallRecord): Step<Running> {
  const others = running.filter(isOut);
  // Under the token of a call that has not returned: a reaction that was armed for more than one time.
  const state = [...others.filter(({ token }) => token !== call.token), call];
  return { state, exercised: running.length - others.length, clauses: [NO_HANG] };
}

function hung(running: Running, untilMs: number, { deadlines, epsilonMs }: RuleContext): Step<Running> {
  const lost = running.filter(isOut).filter(({ begin, fn }) => {
    const budgetMs = fn === 'connect' ? deadlines.connectMs : deadlines.returnMs;
    return begin !== undefined && begin.at + budgetMs + epsilonMs < untilMs;
  });
  const findings = lost.map(({ fn, token, begin }) => ({
    message: `${fn} #${token} never returned`,
    events: begin === undefined ? [] : [begin.n],
    clause: NO_HANG,
  }));
  const returned = running.filter((call) => !isOut(call));
  return { exercised: returned.length + findings.length, clauses: [NO_HANG], findings };
}

function isOut({ returned }: CallRecord): boolean {
  return returned === undefined;
}
