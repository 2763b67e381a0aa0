import path from 'node:path';
import { MockServer } from './mock-server.ts';

/* `node scripts/run-ts.mjs web/mock/serve.ts [PORT]`: the built dashboard over a desk that trades by chance; sign in as anna, "correct horse battery". */
const port = Number(process.argv[2] ?? 8420);
const server = await MockServer.start({ port, webFolder: path.resolve('dist/web') });
console.log(`http://127.0.0.1:${server.port}`);
