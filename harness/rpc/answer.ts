import * as v from 'valibot';

/** JSON-RPC 2.0 messages from the module (docs/protocol.md §2, §4). */
const id = v.nullable(v.number());

export const answerMessage = v.union([
  v.strictObject({ jsonrpc: v.literal('2.0'), id, result: v.unknown() }),
  v.strictObject({
    jsonrpc: v.literal('2.0'),
    id,
    error: v.strictObject({ code: v.number(), message: v.string(), data: v.optional(v.unknown()) }),
  }),
]);
export type Answer = v.InferOutput<typeof answerMessage>;
export type Refusal = Extract<Answer, { readonly error: unknown }>['error'];
