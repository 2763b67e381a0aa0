import { it } from 'vitest';
import v8 from 'node:v8';
import { LiveGraph } from './live-graph.fixture.ts';
import { Session } from './snapshot-session.fixture.ts';
import { drawInputs } from './snapshot-market.fixture.ts';
it('x', () => {
  const g = new LiveGraph({});
  const s = new Session(3); s.start();
  const inputs = drawInputs(3);
  for (const i of inputs.slice(0, 500)) s.take(i);
  const st = v8.deserialize(v8.serialize(s.saveState()));
  const f = new Session(3); f.loadState(st);
  const t = performance.now();
  const d = g.differences(s, f);
  console.log(performance.now() - t, g.objectCount, [...g.classes].join(' '));
  console.log(d.join('\n'));
});
