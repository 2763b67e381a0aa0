/** Objects and lists of a message within one another. */
export const MESSAGE_DEPTH_MAX = 16;

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gy;
const SPACES = /\s*/y;

/**
 * Parses JSON and refuses what JSON.parse takes in silence: an object that names a field twice (which one holds is anybody's guess), the name
 * `__proto__`, and nesting without end.
 *
 * @throws SyntaxError
 */
export function parseStrictJson(text: string): unknown {
  lookAtKeys(text);
  return JSON.parse(text) as unknown;
}

/** Walks over the pieces without recursion; what is no JSON besides is left to JSON.parse. */
function lookAtKeys(text: string): void {
  const open: (Set<string> | null)[] = [];
  let last = '';
  for (let at = skipSpaces(text, 0); at < text.length; at = skipSpaces(text, at)) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) throw new SyntaxError(`no JSON at ${at}`);
    at += token.length;
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null);
      if (open.length > MESSAGE_DEPTH_MAX) throw new SyntaxError(`nested deeper than ${MESSAGE_DEPTH_MAX}`);
    } else if (token === '}' || token === ']') open.pop();
    else if (token === ':') note(open.at(-1), last);
    last = token;
  }
}

function note(keys: Set<string> | null | undefined, text: string): void {
  const key = JSON.parse(text) as string;
  if (keys == null) return;
  if (key === '__proto__') throw new SyntaxError('a field named __proto__');
  if (keys.has(key)) throw new SyntaxError(`the field ${text} twice`);
  keys.add(key);
}

function skipSpaces(text: string, at: number): number {
  SPACES.lastIndex = at;
  SPACES.exec(text);
  return SPACES.lastIndex;
}
