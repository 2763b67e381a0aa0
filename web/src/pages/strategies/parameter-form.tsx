import { type FormEvent, useState } from 'react';
import type { ParameterInfo, StrategyInfo } from '../../../../src/contract/api/strategies.ts';
import { changeParameters } from '../../api/commands.ts';
import { changesOf, rangeText, typedValue } from './parameter-values.ts';

interface ParameterFieldProps {
  readonly name: string;
  readonly descriptor: ParameterInfo;
  readonly text: string;
  readonly isChanged: boolean;
  readonly onChange: (text: string) => void;
}

function ParameterInput({ id, descriptor, text, onChange }: ParameterFieldProps & { readonly id: string }) {
  if (descriptor.type === 'boolean')
    return <input id={id} type="checkbox" checked={text === 'true'} onChange={(event) => onChange(String(event.target.checked))} />;
  if (descriptor.type === 'choice')
    return (
      <select id={id} value={text} onChange={(event) => onChange(event.target.value)}>
        {descriptor.choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  const isText = descriptor.type === 'text';
  return (
    <input
      id={id}
      className={isText ? '' : 'number'}
      inputMode={isText ? 'text' : 'decimal'}
      autoComplete="off"
      value={text}
      aria-invalid={!typedValue(text, descriptor).ok}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function ParameterField(props: ParameterFieldProps) {
  const { name, descriptor, text, isChanged } = props;
  const id = `parameter-${name}`;
  const typed = typedValue(text, descriptor);
  return (
    <div className={`parameter ${isChanged ? 'changed' : ''}`}>
      <label htmlFor={id}>{name}</label>
      <ParameterInput {...props} id={id} />
      <span className={typed.ok ? 'muted' : 'danger-text'}>{typed.ok ? rangeText(descriptor) : typed.problem}</span>
      <p className="muted">{descriptor.description}</p>
    </div>
  );
}

/** A form made of the strategy's own descriptors. Changes are listed before they are asked for. */
export function ParameterForm({ strategy }: { readonly strategy: StrategyInfo }) {
  const { descriptors, parameters } = strategy;
  const names = Object.keys(descriptors);
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(names.map((name) => [name, String(parameters[name] ?? descriptors[name]!.default)])),
  );
  const changes = changesOf(texts, descriptors, parameters);
  const isGood = names.every((name) => typedValue(texts[name] ?? '', descriptors[name]!).ok);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isGood && changes.length > 0)
      void changeParameters(strategy.strategy, Object.fromEntries(changes.map(({ name, after }) => [name, after])));
  };
  if (names.length === 0) return <p className="muted">It has no parameters.</p>;
  return (
    <form className="parameters" onSubmit={submit}>
      {names.map((name) => (
        <ParameterField
          key={name}
          name={name}
          descriptor={descriptors[name]!}
          text={texts[name] ?? ''}
          isChanged={changes.some((change) => change.name === name)}
          onChange={(text) => setTexts({ ...texts, [name]: text })}
        />
      ))}
      <div className="parameter-changes">
        {changes.length === 0 ? (
          <span className="muted">Nothing is changed.</span>
        ) : (
          <ul>
            {changes.map(({ name, before, after }) => (
              <li key={name}>
                {name} <del>{String(before)}</del> → <ins>{String(after)}</ins>
              </li>
            ))}
          </ul>
        )}
        <button
          type="button"
          disabled={changes.length === 0}
          onClick={() => setTexts(Object.fromEntries(names.map((name) => [name, String(parameters[name] ?? '')])))}
        >
          Put back
        </button>
        <button type="submit" disabled={!isGood || changes.length === 0}>
          Apply {changes.length === 0 ? '' : changes.length}
        </button>
      </div>
    </form>
  );
}
