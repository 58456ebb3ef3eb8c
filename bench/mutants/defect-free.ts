import type { TreeNode } from './clang-tree.ts';

/**
 * What a condition is worth while no defect is turned on; undefined if that depends on more.
 *
 * Code that runs only under a defect by name is no part of the client that mutants are made of.
 */
export function worthWithoutDefects(node: TreeNode): boolean | undefined {
  const [first, second] = node.inner;
  if (isDefectQuery(node)) return false;
  if (first === undefined) return undefined;
  if (node.kind === 'ImplicitCastExpr' || node.kind === 'ParenExpr') return worthWithoutDefects(first);
  if (node.kind === 'UnaryOperator' && node.opcode === '!') return negated(worthWithoutDefects(first));
  if (node.kind !== 'BinaryOperator' || second === undefined) return undefined;
  const worths = [worthWithoutDefects(first), worthWithoutDefects(second)];
  if (node.opcode === '&&') return worths.includes(false) ? false : allTrue(worths);
  if (node.opcode === '||') return worths.includes(true) ? true : allFalse(worths);
  return undefined;
}

/** Children that run while no defect is turned on. */
export function liveInner(node: TreeNode): readonly TreeNode[] {
  if (isDefectQuery(node)) return [];
  const [first, ...others] = node.inner;
  if (first === undefined) return [];
  const worth = worthWithoutDefects(first);
  if (worth === undefined) return node.inner.filter((inner) => !isWorthless(node, inner));
  if (node.kind === 'IfStmt' || node.kind === 'ConditionalOperator') return others.slice(...(worth ? [0, 1] : [1, 2]));
  if (node.opcode === '&&') return worth ? others : [];
  if (node.opcode === '||') return worth ? [] : others;
  return node.inner;
}

/** `x && mq_defect(…)`: whatever x is, the whole is false. */
function isWorthless(node: TreeNode, inner: TreeNode): boolean {
  if (node.kind !== 'BinaryOperator' || (node.opcode !== '&&' && node.opcode !== '||')) return false;
  return worthWithoutDefects(node) !== undefined || worthWithoutDefects(inner) !== undefined;
}

function isDefectQuery(node: TreeNode): boolean {
  return node.kind === 'CallExpr' && node.inner[0] !== undefined && names(node.inner[0], 'mq_defect');
}

function names(node: TreeNode, name: string): boolean {
  return node.refersTo?.name === name || node.inner.some((inner) => names(inner, name));
}

function negated(worth: boolean | undefined): boolean | undefined {
  return worth === undefined ? undefined : !worth;
}

function allTrue(worths: readonly (boolean | undefined)[]): true | undefined {
  return worths.every((worth) => worth === true) ? true : undefined;
}

function allFalse(worths: readonly (boolean | undefined)[]): false | undefined {
  return worths.every((worth) => worth === false) ? false : undefined;
}
