import { useEffect, useState } from 'react';
import { type Answer, call, type Refusal } from '../api/http.ts';

export interface Query<T> {
  readonly value: T | null;
  readonly refusal: Refusal | null;
}

/** What a page asks for once, and again whenever `path` or `version` changes. The old answer stays until the new one is there. */
export function useQuery<T>(path: string | null, version: unknown = 0): Query<T> {
  const [query, setQuery] = useState<Query<T>>({ value: null, refusal: null });
  const key = `${path} ${String(version)}`;
  useEffect(() => {
    if (path === null || key === '') return;
    let isWanted = true;
    void call<T>(path).then((answer: Answer<T>) => {
      if (!isWanted) return;
      setQuery((old) => (answer.ok ? { value: answer.value, refusal: null } : { value: old.value, refusal: answer }));
    });
    return () => {
      isWanted = false;
    };
  }, [path, key]);
  return query;
}
