import type { EventOf } from '../../timeline/events.ts';
import { callbackBudgetMs } from '../call-deadline.ts';
import { findCallbackKind } from '../callback-of.ts';
import type { CallRecord } from '../narration.ts';
import { type RuleContext, rule, type Step } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ANSWERED_RETURNS, ANSWERS, type Answer, type AnsweredReturn } from '../topic.ts';

/** What one client was asked for and has answered. */
interface Account {
  readonly accepted: number;
  readonly answered: number;
  /** When the last answer is due, ms. */
  readonly dueMs: number;
  readonly last: number;
}

const EMPTY: Account = { accepted: 0, answered: 0, dueMs: Number.NEGATIVE_INFINITY, last: 0 };

/**
 * Over a client's life there are as many callbacks as calls that returned WOUNDBLOCK. [manual 3.3.1.1]
 *
 * It counts where CB-01 pairs: a callback whose arg is damaged is one too many for CB-03 and still balances here.
 */
export const callbacksAreConserved = rule<Account, AnsweredReturn | 'ret deinit' | Answer>({
  id: 'MM-05',
  clause: 'M-2.wouldblock',
  says: 'a client gives as many callbacks as calls returned WOUNDBLOCK',
  on: [...ANSWERED_RETURNS, 'ret deinit', ...ANSWERS],
  key: ({ slot }) => slot?.slot,
  step(account = EMPTY, { event, call, slot }, context) {
    if (event.k === 'enter') return undecided(entered(account, event, call));
    if (event.fn === 'deinit' && event.ret === 0) return balance(account, context);
    if (event.ret !== -2 || call === undefined || findCallbackKind(call) === undefined) return undecided(account);
    const dueMs = event.at + callbackBudgetMs(call, context.deadlines, slot?.connect) + context.epsilonMs;
    return {
      state: {
        accepted: account.accepted + 1,
        answered: account.answered + call.callbacks.length,
        dueMs: Math.max(account.dueMs, dueMs),
        last: event.n,
      },
    };
  },
  end: (account, context) => balance(account, context),
});

/** A callback counts once its call is known to have returned WOUNDBLOCK: one that overtakes the return is counted there. */
function entered(account: Account, event: EventOf<'enter'>, call: CallRecord | undefined): Account {
  if (call !== undefined && call.returned?.ret !== -2) return account;
  return { ...account, answered: account.answered + 1, last: event.n };
}

function balance({ accepted, answered, dueMs, last }: Account, { moduleUntilMs }: RuleContext): Step<Account> {
  if (accepted === 0 && answered === 0) return undecided();
  if (answered === accepted) return kept();
  // What was not due yet may be missing.
  if (answered < accepted && moduleUntilMs <= dueMs) return undecided();
  return breach(`${answered} callbacks for ${accepted} calls that returned WOUNDBLOCK`, [last]);
}
