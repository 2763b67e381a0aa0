import type { ParameterInfo } from '../../../../src/contract/api/strategies.ts';
import type { ParameterValue } from '../../../../src/model/parameters.ts';

/** What a field of the form says, as the value that its descriptor describes, or why it is none. */
export type Typed = { readonly ok: true; readonly value: ParameterValue } | { readonly ok: false; readonly problem: string };

const NUMBER = /^-?\d+(\.\d+)?(e-?\d+)?$/i;

function inRange(value: number, { min, max }: { readonly min: number; readonly max: number }): Typed {
  return value < min || value > max ? { ok: false, problem: `From ${min} to ${max}.` } : { ok: true, value };
}

/** Reads a text by a descriptor. The engine checks again; this is so that a slip is seen at once. */
export function typedValue(text: string, descriptor: ParameterInfo): Typed {
  switch (descriptor.type) {
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? inRange(Number(text), descriptor) : { ok: false, problem: 'A whole number.' };
    case 'number':
      return NUMBER.test(text) ? inRange(Number(text), descriptor) : { ok: false, problem: 'A number.' };
    case 'decimal':
      return /^-?\d+(\.\d+)?$/.test(text) ? { ok: true, value: text } : { ok: false, problem: 'A decimal, such as 0.25.' };
    case 'boolean':
      return { ok: true, value: text === 'true' };
    case 'choice':
      return descriptor.choices.includes(text)
        ? { ok: true, value: text }
        : { ok: false, problem: `One of ${descriptor.choices.join(', ')}.` };
    case 'text':
      return { ok: true, value: text };
    default:
      return { ok: false, problem: String(descriptor satisfies never) };
  }
}

/** What a field notes beneath it. */
export function rangeText(descriptor: ParameterInfo): string {
  const standard = `default ${String(descriptor.default)}`;
  return descriptor.type === 'integer' || descriptor.type === 'number' ? `${descriptor.min} to ${descriptor.max}, ${standard}` : standard;
}

export interface ParameterChange {
  readonly name: string;
  readonly before: ParameterValue;
  readonly after: ParameterValue;
}

/** What is typed and differs from what is in force. */
export function changesOf(
  texts: Readonly<Record<string, string>>,
  descriptors: Readonly<Record<string, ParameterInfo>>,
  inForce: Readonly<Record<string, ParameterValue>>,
): readonly ParameterChange[] {
  return Object.entries(descriptors).flatMap(([name, descriptor]) => {
    const typed = typedValue(texts[name] ?? '', descriptor);
    const before = inForce[name] ?? descriptor.default;
    return typed.ok && typed.value !== before ? [{ name, before, after: typed.value }] : [];
  });
}
