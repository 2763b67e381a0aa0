import { mkdtempSync, rmSync } from 'node:fs';
import { openJournal } from '../../src/adapters/journal/open-journal.ts';
import { BatchBuffer } from '../../src/adapters/journal/batch-buffer.ts';
const payload = new Uint8Array(40).map((_, i) => i * 7);
const b = new BatchBuffer(8 << 20, 123);
function enc(n: number) {
  for (let i = 0; i < n; i += 1) {
    payload[0] = i;
    b.append(i + 1, 1 + (i & 7), 1.7e15 + i, payload, 0, 40);
  }
}
for (let r = 0; r < 8; r += 1) {
  b.reset();
  const t = process.cpuUsage();
  for (let k = 0; k < 20; k++) {
    b.reset();
    enc(100_000);
  }
  const u = process.cpuUsage(t);
  console.log('encode', (((u.user + u.system) / 2e6) * 1e3).toFixed(1), 'ns/record');
}
for (const batch of [512, 4096]) {
  const dir = mkdtempSync('/work/wt-journal/node_modules/.cache/j-');
  const j = openJournal(dir, { segmentBytes: 67108864 });
  for (let r = 0; r < 4; r += 1) {
    const t = process.hrtime.bigint();
    const c = process.cpuUsage();
    let n = 0;
    while (n < 200_000) {
      for (let i = 0; i < batch; i += 1) {
        payload[0] = n;
        j.append(1, n, payload, 0, 40);
        n += 1;
      }
      j.commit();
    }
    const d = Number(process.hrtime.bigint() - t) / n;
    const u = process.cpuUsage(c);
    console.log(batch, d.toFixed(0), 'ns/record wall', (((u.user + u.system) / n) * 1e3).toFixed(0), 'cpu');
  }
  j.close();
  rmSync(dir, { recursive: true });
}
