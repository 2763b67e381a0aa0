import { runCrashPoint } from '../simulation/journal-crash.fixture.ts';
const n = Number(process.argv[2]);
const from = Number(process.argv[3] ?? 1);
const sum: Record<string, number> = {};
let bad = 0;
const t = process.cpuUsage();
for (let s = from; s < from + n; s += 1) {
  try {
    const c = await runCrashPoint(s);
    for (const [k, v] of Object.entries(c)) sum[k] = (sum[k] ?? 0) + v;
  } catch (e) {
    bad += 1;
    if (bad < 6) console.log(s, (e as Error).stack?.split('\n').slice(0, 6).join('\n'));
  }
}
const u = process.cpuUsage(t);
console.log(sum, bad, ((u.user + u.system) / 1e3 / n).toFixed(2), 'ms/point');
