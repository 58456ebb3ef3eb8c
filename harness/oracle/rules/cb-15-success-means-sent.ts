import type { CallRecord } from '../narration.ts';
import { type RuleContext, rule, type Step } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Told {
  readonly call: CallRecord;
  readonly n: number;
  readonly dueMs: number;
}

/**
 * A QoS 0 publish that is reported as done is on the wire. [manual 3.3.3.1]
 *
 * The way from the module to the broker takes time, so that its packet is waited for. What success means at QoS 1 and 2 is
 * QC-01's and QC-02's.
 */
export const successMeansSent = rule<Told, 'enter'>({
  id: 'CB-15',
  clause: 'M-10.result',
  says: 'the PUBLISH of a QoS 0 publish that succeeded reaches the broker',
  on: ['enter'],
  key({ event, call, slot }) {
    const isSuccess = event.cb === 'request' && event.err === 0 && call?.fn === 'publish';
    const isAtMostOnce = isSuccess && (call.params['qos'] ?? 0) === 0;
    return isAtMostOnce && slot?.connect?.connection !== undefined ? String(call.token) : undefined;
  },
  step(_, { event, call, slot }, { deadlines }) {
    if (call === undefined) return undecided();
    const connection = slot?.connect?.connection;
    if (call.wire !== undefined) return kept();
    if (connection?.closed !== undefined || connection?.isDisturbed === true) return undecided();
    return { state: { call, n: event.n, dueMs: event.at + deadlines.ackMs } };
  },
  deadline: ({ dueMs }) => dueMs,
  expire: decide,
  end: (state, context) => (context.moduleUntilMs < state.dueMs ? decideEarly(state) : decide(state, context)),
});

function decide({ call, n }: Told, { deadlines }: Pick<RuleContext, 'deadlines'>): Step<Told> {
  if (call.wire !== undefined) return kept();
  return breach(`QoS 0 publish succeeded and its PUBLISH did not come in ${deadlines.ackMs} ms`, [call.begin?.n, n]);
}

function decideEarly({ call }: Told): Step<Told> {
  return call.wire === undefined ? undecided() : kept();
}
