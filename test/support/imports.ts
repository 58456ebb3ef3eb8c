import { join, normalize } from 'node:path';

/** A source file, by its path from the root of the repository. */
export interface SourceFile {
  readonly path: string;
  readonly source: string;
}

export interface Import {
  readonly from: string;
  /** Path from the root for our own files, the package's name for npm's, `node:…` for Node's. */
  readonly to: string;
  readonly kind: 'own' | 'package' | 'node';
  /** Gone after compilation: it ties texts, not programs. */
  readonly isTypeOnly: boolean;
}

const STATEMENT =
  /(?:^|\n)[ \t]*(?:import|export)\s+(?<type>type\s)?[^'";]*?from\s*'(?<from>[^']+)'|(?:^|\n)[ \t]*import\s*'(?<bare>[^']+)'|\bimport\('(?<dynamic>[^']+)'\)/gu;

/** All imports of a file: static, re-exporting, for side effects, dynamic with a literal. */
export function importsOf({ path, source }: SourceFile): readonly Import[] {
  return [...source.matchAll(STATEMENT)].map(({ groups }) => {
    const specifier = groups?.['from'] ?? groups?.['bare'] ?? groups?.['dynamic'] ?? '';
    const { to, kind } = resolve(path, specifier);
    return { from: path, to, kind, isTypeOnly: groups?.['type'] !== undefined };
  });
}

function resolve(from: string, specifier: string): Pick<Import, 'to' | 'kind'> {
  if (specifier.startsWith('node:')) return { to: specifier, kind: 'node' };
  if (specifier.startsWith('.')) return { to: normalize(join(from, '..', specifier)), kind: 'own' };
  const [scope = '', name = ''] = specifier.split('/');
  return { to: scope.startsWith('@') ? `${scope}/${name}` : scope, kind: 'package' };
}
