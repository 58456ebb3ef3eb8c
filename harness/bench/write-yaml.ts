import { Document, isScalar, visit } from 'yaml';

/** A configuration file that the harness writes and a person reads on, with a comment above. Lists of plain values take one line. */
export function yamlText(value: object, comment: string): string {
  const document = new Document(value);
  visit(document, {
    Seq(_, node) {
      node.flow = node.items.every((item) => isScalar(item));
    },
  });
  document.commentBefore = comment
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n');
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
