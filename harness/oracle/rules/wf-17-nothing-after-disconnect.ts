import type { ConnectionRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, undecided } from '../step.ts';

const CLOSES = 'MQTT-3.14.4-1';
const SILENT = 'MQTT-3.14.4-2';

interface Left {
  readonly n: number;
  readonly dueMs: number;
  readonly connection: ConnectionRecord | undefined;
}

/** After DISCONNECT the module sends nothing more and closes the connection. [MQTT-3.14.4-1] [MQTT-3.14.4-2] */
export const nothingAfterDisconnect = rule<Left, 'frame up' | 'bytes' | 'fin' | 'tcp-close'>({
  id: 'WF-17',
  clause: CLOSES,
  also: [SILENT],
  says: 'after DISCONNECT the module sends nothing and closes the connection in time',
  on: ['frame up', 'bytes', 'fin', 'tcp-close'],
  opens: ['frame up DISCONNECT'],
  key: ({ event }) => (event.k !== 'tcp-close' && event.dir !== 'up' ? undefined : event.conn),
  step(left, { event, connection }, { deadlines }) {
    if (left === undefined) {
      const isLeave = event.k === 'frame' && event.packet.type === 'DISCONNECT';
      return isLeave ? { state: { n: event.n, dueMs: event.at + deadlines.closeMs, connection } } : undecided();
    }
    if (event.k === 'frame' || event.k === 'bytes') {
      const what = event.k === 'frame' ? event.packet.type : `${event.length} bytes`;
      const findings = [{ message: `${what} after DISCONNECT`, events: [left.n, event.n], clause: SILENT }];
      return { state: left, exercised: 1, clauses: [SILENT], findings };
    }
    // A broker that is quicker leaves nothing to close, but silence was kept all the same.
    const isOwn = event.k === 'fin' || event.by === 'module';
    return { exercised: 1, clauses: isOwn ? [CLOSES, SILENT] : [SILENT] };
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ n, connection }, { deadlines }) {
    if (connection?.isDisturbed === true) return undecided();
    return breach(`the connection was still open ${deadlines.closeMs} ms after DISCONNECT`, [n]);
  },
  end: () => undecided(),
});
