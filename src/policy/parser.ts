import type { ParsedScript, SyntaxNode } from 'unbash';
import { parsePlainLine } from './plain-line.ts';

type Parser = typeof import('./parser-part.ts');

let loaded: Parser | undefined;

/** unbash is half of the asker's code, and a question about arguments mostly needs none of it. */
function parser(): Parser {
  if (loaded === undefined) {
    const part: Parser = require('./parser-part.ts');
    loaded = part;
  }
  return loaded;
}

/** Parses shell text; what is wrong with it stands in the script's `errors`. */
export function parse(text: string): ParsedScript {
  return parsePlainLine(text) ?? parser().parse(text);
}

/** Calls `visit` for each node directly below a node, in their order in the text. */
export function forEachChild(node: SyntaxNode, visit: (child: SyntaxNode) => void): void {
  parser().forEachChild(node, visit);
}
