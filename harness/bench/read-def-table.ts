/**
 * Reads rows of an X-macro table, so that names which the firmware defines are not written down twice.
 *
 * `DEFECT(ID, "name", "clause")` becomes `['ID', 'name', 'clause']`; adjacent string literals are joined as C joins them.
 */
export function readDefTable(source: string, macro: string): readonly (readonly string[])[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//gu, '');
  const row = new RegExp(String.raw`^\s*${macro}\(((?:"(?:\\.|[^"\\])*"|[^")])*)\)`, 'gmu');
  return [...code.matchAll(row)].map((match) => argumentsOf(match[1] ?? ''));
}

function argumentsOf(list: string): string[] {
  const cells = list.match(/(?:"(?:\\.|[^"\\])*"|[^",])+/gu) ?? [];
  return cells.map((cell) => cell.trim()).map((cell) => (cell.startsWith('"') ? joinLiterals(cell) : cell));
}

function joinLiterals(cell: string): string {
  const parts = cell.match(/"(?:\\.|[^"\\])*"/gu) ?? [];
  return parts.map((part) => part.slice(1, -1).replaceAll(/\\(.)/gu, '$1')).join('');
}
