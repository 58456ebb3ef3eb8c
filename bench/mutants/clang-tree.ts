import { execFileSync } from 'node:child_process';
import { HarnessError } from '../../harness/errors.ts';

/** Bytes of a source file, `end` excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A node of clang's tree, cut down to what mutations need. */
export interface TreeNode {
  readonly kind: string;
  /** Where it stands in the file itself; undefined for what a macro or an included file made of it. */
  readonly span: Span | undefined;
  /** Its text is the name of a macro. */
  readonly isMacro: boolean;
  readonly name: string;
  readonly opcode: string;
  readonly type: string;
  readonly castKind: string;
  readonly hasElse: boolean;
  /** What a reference names. */
  readonly refersTo: { readonly kind: string; readonly name: string } | undefined;
  readonly inner: readonly TreeNode[];
}

/** A C file as the compiler understands it. */
export interface Tree {
  /** Definitions of functions, and variables of the file, in the file itself. */
  readonly definitions: readonly TreeNode[];
  /** The names of each enumeration that the file knows. */
  readonly enums: readonly (readonly string[])[];
}

export interface ClangOptions {
  readonly folder: string;
  readonly file: string;
  readonly flags: readonly string[];
  readonly source: Buffer;
}

const LARGEST_TREE_BYTES = 256 * 1024 * 1024;

/** @throws HarnessError CHILD_FAILED — clang is missing, or does not compile the file */
export function readTree({ folder, file, flags, source }: ClangOptions): Tree {
  const args = ['-Xclang', '-ast-dump=json', '-fsyntax-only', ...flags, file];
  const unit = membersOf(JSON.parse(runClang(folder, args)));
  const top = listOf(unit['inner']);
  return {
    definitions: top.filter(isDefinition).map((node) => toNode(node, source)),
    enums: top.map(membersOf).flatMap((node) => (node['kind'] === 'EnumDecl' ? [namesIn(node)] : [])),
  };
}

function runClang(folder: string, args: readonly string[]): string {
  try {
    return execFileSync('clang', args, { cwd: folder, encoding: 'utf8', maxBuffer: LARGEST_TREE_BYTES });
  } catch (thrown) {
    const message = `clang gives no tree of ${args.at(-1)} (./setup.sh test brings clang)`;
    throw new HarnessError('CHILD_FAILED', message, { command: 'clang', exitCode: null }, { cause: thrown });
  }
}

type Members = Readonly<Record<string, unknown>>;

function isDefinition(json: unknown): boolean {
  const node = membersOf(json);
  const isOfFile = !('includedFrom' in membersOf(node['loc'])) && 'offset' in membersOf(node['loc']);
  if (node['kind'] === 'VarDecl') return isOfFile;
  return isOfFile && node['kind'] === 'FunctionDecl' && listOf(node['inner']).some(isBody);
}

function isBody(json: unknown): boolean {
  return membersOf(json)['kind'] === 'CompoundStmt';
}

function namesIn(node: Members): readonly string[] {
  return listOf(node['inner'])
    .map(membersOf)
    .filter((member) => member['kind'] === 'EnumConstantDecl')
    .map((member) => textOf(member['name']));
}

function toNode(json: unknown, source: Buffer): TreeNode {
  const node = membersOf(json);
  const range = membersOf(node['range']);
  const start = placeOf(range['begin'], source);
  const end = placeOf(range['end'], source);
  const isWhole = start !== undefined && end !== undefined && start.offset < end.offset + end.length;
  const target = membersOf(node['referencedDecl']);
  return {
    kind: textOf(node['kind']),
    span: isWhole ? { start: start.offset, end: end.offset + end.length } : undefined,
    isMacro: start?.isMacro === true && end?.isMacro === true && start.offset === end.offset,
    name: textOf(node['name']),
    opcode: textOf(node['opcode']),
    type: textOf(membersOf(node['type'])['qualType']),
    castKind: textOf(node['castKind']),
    hasElse: node['hasElse'] === true,
    refersTo: 'kind' in target ? { kind: textOf(target['kind']), name: textOf(target['name']) } : undefined,
    inner: listOf(node['inner']).map((inner) => toNode(inner, source)),
  };
}

interface Place {
  readonly offset: number;
  readonly length: number;
  readonly isMacro: boolean;
}

/** A macro with arguments has no end that clang tells, so that it has no place. */
function placeOf(json: unknown, source: Buffer): Place | undefined {
  const location = membersOf(json);
  const isMacro = 'expansionLoc' in location;
  const { offset, tokLen, includedFrom } = isMacro ? membersOf(location['expansionLoc']) : location;
  if (typeof offset !== 'number' || typeof tokLen !== 'number' || includedFrom !== undefined) return undefined;
  if (isMacro && source[offset + tokLen] === '('.charCodeAt(0)) return undefined;
  return { offset, length: tokLen, isMacro };
}

function membersOf(json: unknown): Members {
  return typeof json === 'object' && json !== null ? { ...json } : {};
}

function listOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [];
}

function textOf(json: unknown): string {
  return typeof json === 'string' ? json : '';
}
