import { HarnessError } from '../errors.ts';
import { LINE_TO_MODULE_BYTES } from '../protocol/limits.ts';
import { encodeLine } from '../protocol/line.ts';

/** One request as the rpc keeps it until its answer. */
export interface PendingRequest {
  /** 0 until it is first written. */
  id: number;
  readonly method: string;
  /** Members of `params` beside `link`, as JSON with a leading comma, or nothing. */
  readonly paramsJson: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What is written as one line: a request, or a batch of them. It is sent again as a whole. */
export interface Frame {
  readonly requests: readonly PendingRequest[];
  readonly isBatch: boolean;
  readonly budgetMs: number;
  readonly askedMs: number;
  /** Moves while the link is down. */
  deadlineMs: number;
  resendAtMs: number;
  resendAfterMs: number;
}

/** The members of `params` as JSON, to be put after `link`. */
export function paramsJson(params: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(params);
  return json === '{}' ? '' : `,${json.slice(1, -1)}`;
}

/** @throws HarnessError CONFIGURATION — it does not fit in a line */
export function frameLine(frame: Frame, link: number): string {
  const messages = frame.requests.map(
    ({ id, method, paramsJson: rest }) =>
      `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":{"link":${link}${rest}}}`,
  );
  const line = encodeLine(frame.isBatch ? `[${messages.join(',')}]` : messages.join(''));
  const bytes = Buffer.byteLength(line);
  if (bytes <= LINE_TO_MODULE_BYTES) return line;
  const what = frame.isBatch ? 'a batch' : (frame.requests[0]?.method ?? 'a request');
  const message = `${what} of ${bytes} bytes does not fit in a line of ${LINE_TO_MODULE_BYTES}: describe long text as {pattern, length}`;
  throw new HarnessError('CONFIGURATION', message, { subject: what });
}
