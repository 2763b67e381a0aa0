import { answerRounds } from './rounds-protocol.ts';
import { NumberHash, PRICE_DECIMALS, QUANTITY_DECIMALS, readFeedMessages } from '../feed-messages.ts';
import { parseDecimal } from '../../src/base/decimal.ts';

/*
 * feed-json.ts FILE: JSON.parse alone on the messages of a recording, which are texts already. Their values are hashed in a pass that does not count.
 */
const [file] = process.argv.slice(2) as [string];
const { snapshot, texts } = readFeedMessages(file);
const { lastUpdateId } = JSON.parse(snapshot) as { readonly lastUpdateId: number };

interface Message {
  readonly stream: string;
  readonly data: {
    readonly E: number;
    readonly T: number;
    readonly u: number;
    readonly b: string | readonly (readonly [string, string])[];
    readonly a: string | readonly (readonly [string, string])[];
    readonly B: string;
    readonly A: string;
    readonly p: string;
    readonly q: string;
    readonly m: boolean;
  };
}

function hashValues(): string {
  const hash = new NumberHash();
  const add = (text: string, decimals: number): void => hash.add(parseDecimal(text, decimals) as number);
  for (const text of texts) {
    const { stream, data } = JSON.parse(text) as Message;
    if (stream.endsWith('@bookTicker')) {
      add(data.b as string, PRICE_DECIMALS);
      add(data.B, QUANTITY_DECIMALS);
      add(data.a as string, PRICE_DECIMALS);
      add(data.A, QUANTITY_DECIMALS);
    } else if (stream.endsWith('@trade')) {
      hash.add(data.T * 1000);
      add(data.p, PRICE_DECIMALS);
      add(data.q, QUANTITY_DECIMALS);
      hash.add(data.m ? -1 : 1);
    } else if (data.u > lastUpdateId)
      for (const [levels, side] of [
        [data.b, 1],
        [data.a, -1],
      ] as const)
        for (const [price, quantity] of levels as readonly (readonly [string, string])[]) {
          hash.add(data.E * 1000);
          hash.add(side);
          add(price, PRICE_DECIMALS);
          add(quantity, QUANTITY_DECIMALS);
        }
  }
  return hash.text;
}

await answerRounds(() => {
  let length = 0;
  const since = process.hrtime.bigint();
  for (let at = 0; at < texts.length; at += 1) length += (JSON.parse(texts[at]!) as Message).stream.length;
  const ns = Number(process.hrtime.bigint() - since);
  return { ns, length, messages: texts.length, checksum: hashValues() };
});
