import type { Span, Tree, TreeNode } from './clang-tree.ts';
import { constantsIn } from './constants.ts';
import { liveInner, worthWithoutDefects } from './defect-free.ts';

export const KINDS = ['negate', 'drop', 'constant', 'swap'] as const;
export type MutationKind = (typeof KINDS)[number];

/** One change of the source. */
export interface Mutation {
  readonly kind: MutationKind;
  readonly span: Span;
  /** What stands there instead. */
  readonly now: string;
}

/** Every mutation that the file offers, by the compiler's own tree; none knows what anybody looks at. */
export function findMutations(tree: Tree, source: Buffer): readonly Mutation[] {
  const textOf = ({ start, end }: Span) => source.toString('latin1', start, end);
  const found: Mutation[] = [];
  const visit = (node: TreeNode) => {
    found.push(...negations(node, textOf), ...drops(node, source), ...swaps(node, textOf));
    found.push(...constantsIn(node, tree.enums, textOf));
    for (const inner of liveInner(node)) visit(inner);
  };
  for (const definition of tree.definitions) visit(definition);
  return found.filter(({ span, now }, index) => index === found.findIndex((other) => isSame(other, span, now)));
}

function isSame(one: Mutation, span: Span, now: string): boolean {
  return one.span.start === span.start && one.span.end === span.end && one.now === now;
}

type TextOf = (span: Span) => string;

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const CHOICES = new Set(['IfStmt', 'WhileStmt', 'ConditionalOperator']);

/** Conditions of statements, operands of && and ||, and comparisons wherever they are. */
function negations(node: TreeNode, textOf: TextOf): Mutation[] {
  return conditionsOf(node)
    .filter((condition) => worthWithoutDefects(condition) === undefined)
    .flatMap(({ span }) => (span === undefined ? [] : [{ kind: 'negate', span, now: `!(${textOf(span)})` }]));
}

function conditionsOf(node: TreeNode): readonly TreeNode[] {
  if (node.kind === 'BinaryOperator' && COMPARISONS.has(node.opcode)) return [node];
  if (node.kind === 'BinaryOperator' && (node.opcode === '&&' || node.opcode === '||')) return node.inner;
  if (CHOICES.has(node.kind)) return node.inner.slice(0, 1);
  if (node.kind === 'ForStmt') return node.inner.slice(2, 3);
  return node.kind === 'DoStmt' ? node.inner.slice(1, 2) : [];
}

const DROPPED = new Set([
  'CallExpr',
  'BinaryOperator',
  'CompoundAssignOperator',
  'UnaryOperator',
  'BreakStmt',
  'ContinueStmt',
  'ReturnStmt',
]);
const BODY_AT: Readonly<Record<string, number>> = { ForStmt: 4, WhileStmt: 1, DoStmt: 0 };

/** Statements that do something, and an if without else as a whole. */
function drops(node: TreeNode, source: Buffer): Mutation[] {
  return statementsOf(node)
    .filter((statement) => DROPPED.has(statement.kind) || isPlainIf(statement))
    .flatMap(({ span }) => (span === undefined ? [] : [dropOf(span, source)]));
}

function isPlainIf(statement: TreeNode): boolean {
  const [condition] = statement.inner;
  if (statement.kind !== 'IfStmt' || statement.hasElse || condition === undefined) return false;
  return worthWithoutDefects(condition) === undefined;
}

function statementsOf(node: TreeNode): readonly TreeNode[] {
  if (node.kind === 'FunctionDecl') return [];
  if (node.kind === 'CompoundStmt') return node.inner;
  if (node.kind === 'IfStmt') return liveInner(node).slice(liveInner(node).length === node.inner.length ? 1 : 0);
  if (node.kind === 'CaseStmt' || node.kind === 'DefaultStmt') return node.inner.slice(-1);
  const body = BODY_AT[node.kind];
  return body === undefined ? [] : node.inner.slice(body, body + 1);
}

function dropOf(span: Span, source: Buffer): Mutation {
  const isEnded = source.toString('latin1', span.end, span.end + 1) === ';';
  return { kind: 'drop', span, now: isEnded ? '' : ';' };
}

const ORDERED = new Set(['-', '/', '%', '<<', '>>', '<', '<=', '>', '>=']);

/** Neighbouring arguments of a call, and the operands of an operator for which their order counts. */
function swaps(node: TreeNode, textOf: TextOf): Mutation[] {
  const isOrdered = node.kind === 'BinaryOperator' && ORDERED.has(node.opcode);
  const parts = node.kind === 'CallExpr' ? node.inner.slice(1) : isOrdered ? node.inner : [];
  return parts.flatMap((part, index) => {
    const next = parts[index + 1];
    return next === undefined ? [] : swapOf(part.span, next.span, textOf);
  });
}

function swapOf(one: Span | undefined, other: Span | undefined, textOf: TextOf): Mutation[] {
  if (one === undefined || other === undefined || one.end > other.start) return [];
  const [before, between, after] = [textOf(one), textOf({ start: one.end, end: other.start }), textOf(other)];
  if (before === after) return [];
  return [{ kind: 'swap', span: { start: one.start, end: other.end }, now: `${after}${between}${before}` }];
}
